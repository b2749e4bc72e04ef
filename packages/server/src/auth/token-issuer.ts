import { SignJWT } from 'jose'

export interface TokenIssuerOptions {
  readonly secret: string
  readonly issuer: string
  readonly now?: () => number
}

export interface TokenClaims {
  readonly sub: string
  readonly audience: string
  readonly ttlMs: number
  readonly sid?: string
  readonly scope?: string
  readonly name?: string
  readonly guest?: boolean
  /** The session that a reader's token is for. */
  readonly session?: string
  /** Which use of a refresh token this is, from 1. */
  readonly generation?: number
}

export interface IssuedToken {
  readonly token: string
  /** ms since 1970. */
  readonly expiresAt: number
}

/** Signs a token. PROTOCOL.md §6. */
export type TokenIssuer = (claims: TokenClaims) => Promise<IssuedToken>

/** Mints HS256 tokens under the shared secret. */
export function createTokenIssuer({ secret, issuer, now = Date.now }: TokenIssuerOptions): TokenIssuer {
  const key = new TextEncoder().encode(secret)
  return async ({ sub, audience, ttlMs, ...rest }) => {
    const issuedAt = now()
    const expiresAt = issuedAt + ttlMs
    // Times are numbers with a fraction (RFC 7519 §2), so that a login begun in the second in which the user
    // signed out everywhere is told from those before.
    const token = await new SignJWT({ ...rest })
      .setProtectedHeader({ alg: 'HS256', typ: 'JWT' })
      .setSubject(sub)
      .setIssuer(issuer)
      .setAudience(audience)
      .setIssuedAt(issuedAt / 1_000)
      .setExpirationTime(expiresAt / 1_000)
      .sign(key)
    return { token, expiresAt }
  }
}
