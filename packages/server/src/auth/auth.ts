import type { WhoAmI } from '@throughline/protocol'
import type { Account, Identity } from './identity.ts'
import type { EndOfLogin, Logins } from './logins.ts'
import { createReaderTokens, readersOf, type ReaderGrant } from './reader-tokens.ts'
import { createRefreshTokens } from './refresh-tokens.ts'
import { createTokenIssuer, type IssuedToken } from './token-issuer.ts'
import { createTokenReader } from './token-reader.ts'
import { invalidToken, type TokenKeys } from './token-verifier.ts'

export interface AuthOptions {
  readonly keys: TokenKeys
  readonly logins: Logins
  /** Default `throughline`. */
  readonly issuer?: string
  /** Default `throughline`. */
  readonly audience?: string
  /** Life of an access token. Default 15 minutes. */
  readonly accessTtlMs?: number
  /** Life of a refresh token, renewed by each use. Default 30 days. */
  readonly refreshTtlMs?: number
  readonly now?: () => number
}

/** The two tokens of a login, for cookies, and what the page may know. */
export interface LoginTokens {
  readonly access: IssuedToken
  readonly refresh: IssuedToken
  /** Names the login, to end it. */
  readonly sid: string
  readonly whoAmI: WhoAmI
}

/** Tokens and logins. PROTOCOL.md §6. */
export interface Auth {
  /** Who a token names. @throws StreamError `auth_error` when it is not, or no longer, valid */
  verify(token: string): Promise<Identity>
  /** `verify` without waiting, for a token that was verified lately; `undefined` for any other. @throws like `verify` */
  verifyKnown(token: string): Identity | undefined
  /** Whether the identity's login has ended since its token was issued. */
  isRevoked(identity: Identity): boolean
  /** Judges an identity again after a while. @throws StreamError `auth_error` when it is over */
  requireValid(identity: Identity): void
  /** Whether tokens are issued here; false when keys come from elsewhere (`JWT_JWKS_URL`). */
  readonly issues: boolean
  /** Begins a login. */
  startLogin(account: Account): Promise<LoginTokens>
  /** Exchanges a refresh token for the next pair. @throws StreamError `auth_error` */
  refresh(token: string): Promise<LoginTokens>
  /** Ends the login of a token pair; without `sid` every login of the user, but for `except`. */
  endLogin(login: EndOfLogin): Promise<void>
  /** The login that a refresh token belongs to, if it is one of ours. */
  loginOf(refreshToken: string): Promise<{ userId: string; sid: string } | undefined>
  /** A token to read one session with, for whoever has a link to it. */
  grantReading(grant: ReaderGrant): Promise<IssuedToken>
  /** Who reads by a token of this link. @throws StreamError `auth_error` */
  verifyReader(token: string, shareId: string): Promise<Identity>
  /** Ends all reading by a link, streams at once. */
  endReading(shareId: string): Promise<void>
  /** A bearer token for scripts and workers. */
  mint(options: { userId: string; scope?: string; ttlMs: number }): Promise<IssuedToken>
}

const ACCESS_TTL_MS = 15 * 60_000
export const REFRESH_TTL_MS = 30 * 24 * 3_600_000

export function createAuth(options: AuthOptions): Auth {
  const { keys, logins, issuer = 'throughline', audience = 'throughline', now = Date.now } = options
  const { accessTtlMs = ACCESS_TTL_MS, refreshTtlMs = REFRESH_TTL_MS } = options
  const tokens = createTokenReader({ keys, issuer, audience, now })
  const issue = keys.kind === 'secret' ? createTokenIssuer({ secret: keys.secret, issuer, now }) : cannotIssue
  const readerTokens = createReaderTokens({ keys, issue, issuer, audience, now })
  const refreshTokens = createRefreshTokens({ keys, issue, issuer, audience, ttlMs: refreshTtlMs, now })

  const pair = async (account: Account, sid: string, generation: number): Promise<LoginTokens> => {
    const { userId, name, guest } = account
    const access = await issue({ sub: userId, sid, name, guest, audience, ttlMs: accessTtlMs })
    const refresh = await refreshTokens.issue({ userId, name, guest, sid, generation })
    return { access, refresh, sid, whoAmI: { userId, guest, name, expiresAt: access.expiresAt } }
  }

  const requireValid = (identity: Identity): void => {
    if (identity.expiresAt <= now()) throw invalidToken('expired_token')
    if (logins.revocations.has(identity)) throw invalidToken('revoked_token')
  }

  const verify = async (token: string): Promise<Identity> => {
    const identity = await tokens.read(token)
    requireValid(identity)
    return identity
  }

  return {
    verify,
    verifyKnown(token) {
      const identity = tokens.known(token)
      if (identity !== undefined) requireValid(identity)
      return identity
    },
    requireValid,
    isRevoked: (identity) => logins.revocations.has(identity),
    issues: keys.kind === 'secret',
    startLogin: (account) => pair(account, crypto.randomUUID(), 1),
    async refresh(token) {
      const login = await refreshTokens.read(token)
      if (logins.revocations.has(login)) throw invalidToken('revoked_token')
      const outcome = await logins.use(login, login.generation)
      if (outcome === 'reused') {
        // Either the holder or the thief comes second, and which is which cannot be told: both are signed out.
        await logins.end(login)
        throw invalidToken('reused_token')
      }
      return pair(login, login.sid, login.generation + 1)
    },
    endLogin: (login) => logins.end(login),
    async loginOf(refreshToken) {
      const login = await refreshTokens.read(refreshToken).catch(() => undefined)
      return login && { userId: login.userId, sid: login.sid }
    },
    grantReading: (grant) => readerTokens.issue(grant),
    async verifyReader(token, shareId) {
      const identity = await readerTokens.read(token, shareId)
      requireValid(identity)
      return identity
    },
    endReading: (shareId) => logins.end({ userId: readersOf(shareId) }),
    mint: ({ userId, scope, ttlMs }) =>
      issue({ sub: userId, audience, ttlMs, ...(scope !== undefined && { scope }) }),
  }
}

function cannotIssue(): Promise<never> {
  return Promise.reject(new Error('Tokens are minted elsewhere: JWT_JWKS_URL is set.'))
}
