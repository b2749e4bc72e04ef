import type { Identity } from './identity.ts'

/** Tokens verified lately, so that a POST for each event does not cost a signature check each. */
export interface TokenCache {
  get(token: string): Identity | undefined
  set(token: string, identity: Identity): void
}

/** Least recently used goes first; nothing outlives its token. Holds at most `size` tokens of bounded length. */
export function createTokenCache(size: number, now: () => number): TokenCache {
  const known = new Map<string, Identity>()
  /** Last in line already: one producer's token need not be moved for each of its events. */
  let newest = ''
  return {
    get(token) {
      const identity = known.get(token)
      if (identity === undefined) return undefined
      const isOver = identity.expiresAt <= now()
      if (token === newest && !isOver) return identity
      known.delete(token)
      if (isOver) return undefined
      known.set(token, identity)
      newest = token
      return identity
    },
    set(token, identity) {
      known.set(token, identity)
      newest = token
      if (known.size <= size) return
      const oldest = known.keys().next()
      if (oldest.done !== true) known.delete(oldest.value)
    },
  }
}
