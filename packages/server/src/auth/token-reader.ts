import type { Identity } from './identity.ts'
import { createTokenCache } from './token-cache.ts'
import {
  createClaimsVerifier,
  identityOf,
  invalidToken,
  type TokenVerifierOptions,
} from './token-verifier.ts'

/** Who a token names; whether its login has ended is another question. */
export interface TokenReader {
  /** @throws StreamError `auth_error` */
  read(token: string): Promise<Identity>
  /** Who it names, when it was verified lately. */
  known(token: string): Identity | undefined
}

/** Tokens held in the verified cache; each is at most 4 KiB. */
const CACHED_TOKENS = 2_000

/** Verifies tokens, each but once while it is in use. */
export function createTokenReader(options: TokenVerifierOptions): TokenReader {
  const { now = Date.now } = options
  const claims = createClaimsVerifier(options)
  const cache = createTokenCache(CACHED_TOKENS, now)
  return {
    known: (token) => cache.get(token),
    async read(token) {
      const known = cache.get(token)
      if (known !== undefined) return known
      const identity = identityOf(await claims(token))
      // jose counts whole seconds; a token ends to the millisecond.
      if (identity.expiresAt <= now()) throw invalidToken('expired_token')
      cache.set(token, identity)
      return identity
    },
  }
}
