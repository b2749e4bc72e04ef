import type { Account, Identity } from './identity.ts'
import type { IssuedToken, TokenIssuer } from './token-issuer.ts'
import { createClaimsVerifier, identityOf, invalidToken, type TokenKeys } from './token-verifier.ts'

/** One login and how often its refresh token was exchanged. */
export interface RefreshLogin extends Account, Pick<Identity, 'scopes' | 'expiresAt' | 'issuedAt'> {
  readonly sid: string
  /** 1 for the first token of a login, then one more for each exchange. */
  readonly generation: number
}

export interface RefreshTokens {
  issue(login: Account & { sid: string; generation: number }): Promise<IssuedToken>
  /** @throws StreamError `auth_error` */
  read(token: string): Promise<RefreshLogin>
}

export interface RefreshTokensOptions {
  readonly keys: TokenKeys
  readonly issue: TokenIssuer
  readonly issuer: string
  readonly audience: string
  readonly ttlMs: number
  readonly now: () => number
}

/** Refresh tokens: signed like access tokens, for an audience of their own, so that neither passes for the other. */
export function createRefreshTokens(options: RefreshTokensOptions): RefreshTokens {
  const { keys, issue, issuer, ttlMs, now } = options
  const audience = `${options.audience}/refresh`
  const verify = createClaimsVerifier({ keys, issuer, audience, now })
  return {
    issue: ({ userId, sid, generation, name, guest }) =>
      issue({ sub: userId, audience, ttlMs, sid, generation, name, guest }),
    async read(token) {
      // Whoever holds the keys elsewhere refreshes there.
      if (keys.kind !== 'secret') throw invalidToken()
      const claims = await verify(token)
      const { userId, sid, name = '', guest, scopes, expiresAt, issuedAt } = identityOf(claims)
      const generation = claims['generation']
      if (sid === undefined || expiresAt <= now()) throw invalidToken()
      if (typeof generation !== 'number' || !Number.isSafeInteger(generation)) throw invalidToken()
      return {
        userId,
        sid,
        generation,
        name,
        guest,
        scopes,
        expiresAt,
        ...(issuedAt !== undefined && { issuedAt }),
      }
    },
  }
}
