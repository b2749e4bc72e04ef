import type { Identity } from './identity.ts'

/** The end of one login, or of all logins that a user had at that time. */
export interface Revocation {
  readonly userId: string
  /** Absent: every login of the user that began before `at`. */
  readonly sid?: string
  /** ms since 1970. */
  readonly at: number
}

/** Logins that have ended while tokens of them may still be around. */
export interface Revocations {
  add(revocation: Revocation): void
  has(identity: Identity): boolean
}

export interface RevocationsOptions {
  readonly now: () => number
  /** A revocation is forgotten after this long, when every token of the login has ended. */
  readonly keepMs: number
  /** Oldest go beyond it. Default 100,000. */
  readonly size?: number
}

export function createRevocations(options: RevocationsOptions): Revocations {
  const { now, keepMs, size = 100_000 } = options
  const logins = new Map<string, number>()
  const users = new Map<string, number>()
  const loginKey = (userId: string, sid: string): string => `${userId} ${sid}`

  const note = (book: Map<string, number>, key: string, at: number): void => {
    const last = book.get(key) ?? 0
    // Set anew, so that the order of the map is the order of time.
    book.delete(key)
    book.set(key, Math.max(last, at))
    for (const [oldest, when] of book) {
      if (book.size <= size && when > now() - keepMs) break
      book.delete(oldest)
    }
  }

  return {
    add({ userId, sid, at }) {
      if (sid === undefined) note(users, userId, at)
      else note(logins, loginKey(userId, sid), at)
    },
    has({ userId, sid, issuedAt }) {
      if (sid !== undefined && logins.has(loginKey(userId, sid))) return true
      const everywhere = users.get(userId)
      // A token that does not tell when it was issued may be an old one.
      return everywhere !== undefined && (issuedAt === undefined || issuedAt <= everywhere)
    },
  }
}
