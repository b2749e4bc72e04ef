import type { Identity } from './identity.ts'
import type { IssuedToken, TokenIssuer } from './token-issuer.ts'
import { createClaimsVerifier, identityOf, invalidToken, type TokenKeys } from './token-verifier.ts'

/** What a link lets somebody read. */
export interface ReaderGrant {
  readonly shareId: string
  readonly sessionId: string
  /** ms since 1970. */
  readonly expiresAt: number
}

export interface ReaderTokensOptions {
  readonly keys: TokenKeys
  readonly issue: TokenIssuer
  readonly issuer: string
  readonly audience: string
  readonly now: () => number
}

/** Tokens of readers who came by a link: of an audience of their own, so that they pass for no login. */
export interface ReaderTokens {
  issue(grant: ReaderGrant): Promise<IssuedToken>
  /** @throws StreamError `auth_error` unless the token is of this link */
  read(token: string, shareId: string): Promise<Identity>
}

/** As whom the readers of a link read: ending this user's logins ends them all. */
export function readersOf(shareId: string): string {
  return `share:${shareId}`
}

export function createReaderTokens(options: ReaderTokensOptions): ReaderTokens {
  const { keys, issue, issuer, now } = options
  const audience = `${options.audience}/share`
  const verify = createClaimsVerifier({ keys, issuer, audience, now })
  return {
    issue: ({ shareId, sessionId, expiresAt }) =>
      issue({ sub: readersOf(shareId), session: sessionId, audience, ttlMs: expiresAt - now() }),
    async read(token, shareId) {
      if (keys.kind !== 'secret') throw invalidToken()
      const claims = await verify(token)
      const session = claims['session']
      if (claims.sub !== readersOf(shareId) || typeof session !== 'string') throw invalidToken()
      return { ...identityOf(claims), scopes: new Set(), reads: session }
    },
  }
}
