import { errors, jwtVerify, type JWTPayload, type JWTVerifyOptions } from 'jose'
import { StreamError } from '@throughline/protocol'
import type { AuditReason } from '../audit/audit.ts'
import { Refusal } from '../audit/refusal.ts'
import { KeysUnavailable, createKeySet, type KeySetOptions } from './key-set.ts'
import { USER_ID_PATTERN, type Identity } from './identity.ts'

/** Where the keys come from: a shared secret, or the public keys of whoever mints the tokens. */
export type TokenKeys =
  | { readonly kind: 'secret'; readonly secret: string }
  | { readonly kind: 'jwks'; readonly url: string; readonly timeoutMs?: number }

export interface TokenVerifierOptions {
  readonly keys: TokenKeys
  readonly issuer: string
  readonly audience: string
  readonly now?: () => number
  /** Clock difference with a foreign issuer that is let pass. Default 5,000. */
  readonly toleranceMs?: number
}

/** Longest token that is looked at, in characters. */
const MAX_TOKEN_LENGTH = 4_096

// The algorithm follows from the kind of key and never from the token: a public key is no HMAC secret.
const ALGORITHMS = {
  secret: ['HS256'],
  jwks: ['RS256', 'PS256', 'ES256', 'ES384', 'EdDSA'],
} as const

/** A token's checked claims. @throws StreamError `auth_error` with the title `Invalid token` */
export type ClaimsVerifier = (token: string) => Promise<JWTPayload>

/** Checks signature, algorithm, issuer, audience and times; requires `sub` and `exp`. PROTOCOL.md §6. */
export function createClaimsVerifier(options: TokenVerifierOptions): ClaimsVerifier {
  const { keys, issuer, audience, now = Date.now, toleranceMs = 5_000 } = options
  const checks = (): JWTVerifyOptions => ({
    algorithms: [...ALGORITHMS[keys.kind]],
    issuer,
    audience,
    requiredClaims: ['sub', 'exp'],
    currentDate: new Date(now()),
    // Our own tokens are minted by our own clock.
    clockTolerance: keys.kind === 'jwks' ? toleranceMs / 1_000 : 0,
  })
  const verify = keys.kind === 'secret' ? bySecret(keys.secret, checks) : byKeySet({ ...keys, now }, checks)
  return async (token) => {
    if (token.length === 0 || token.length > MAX_TOKEN_LENGTH) throw invalidToken()
    try {
      const claims = await verify(token)
      if (isFromTheFuture(claims, now() + toleranceMs)) throw invalidToken()
      return claims
    } catch (error) {
      if (error instanceof StreamError) throw error
      if (error instanceof KeysUnavailable) throw keysUnavailable(error)
      throw invalidToken(error instanceof errors.JWTExpired ? 'expired_token' : 'invalid_token', error)
    }
  }
}

/** Reads who a token names from claims that were checked. @throws StreamError `auth_error` */
export function identityOf(claims: JWTPayload): Identity {
  const { sub, exp, iat } = claims
  if (sub === undefined || !USER_ID_PATTERN.test(sub) || exp === undefined) throw invalidToken()
  const expiresAt = Math.round(exp * 1_000)
  // An end that no clock can count to is none.
  if (!Number.isSafeInteger(expiresAt)) throw invalidToken()
  const sid = claims['sid']
  const name = claims['name']
  // A login id that cannot be compared could never be revoked.
  if (sid !== undefined && (typeof sid !== 'string' || sid.length > 128)) throw invalidToken()
  return {
    userId: sub,
    scopes: scopesOf(claims['scope']),
    expiresAt,
    guest: claims['guest'] === true,
    ...(sid !== undefined && { sid }),
    ...(iat !== undefined && { issuedAt: Math.round(iat * 1_000) }),
    ...(typeof name === 'string' && { name: name.slice(0, 200) }),
  }
}

/** The answer to every token that is not one: it does not say why. */
export function invalidToken(reason: AuditReason = 'invalid_token', cause?: unknown): StreamError {
  return new StreamError('auth_error', 'Sign in again.', { status: 401, cause: new Refusal(reason, cause) })
}

function bySecret(secret: string, checks: () => JWTVerifyOptions): ClaimsVerifier {
  const key = new TextEncoder().encode(secret)
  return async (token) => (await jwtVerify(token, key, checks())).payload
}

function byKeySet(keys: KeySetOptions, checks: () => JWTVerifyOptions): ClaimsVerifier {
  const keySet = createKeySet(keys)
  return async (token) => (await jwtVerify(token, keySet, checks())).payload
}

/** Issued later than now, it would outlive the end of all logins that comes before. */
function isFromTheFuture({ iat }: JWTPayload, now: number): boolean {
  return iat !== undefined && iat * 1_000 > now
}

function keysUnavailable(cause: unknown): StreamError {
  return new StreamError('server_error', 'Tokens cannot be checked now: try again.', { status: 503, cause })
}

function scopesOf(claim: unknown): ReadonlySet<string> {
  return new Set(typeof claim === 'string' ? claim.split(' ').filter((word) => word !== '') : [])
}
