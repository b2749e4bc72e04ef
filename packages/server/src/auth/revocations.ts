import type { Identity } from './identity.ts'

/** The end of one login, or of all logins that a user had at that time. */
export interface Revocation {
  readonly userId: string
  /** Absent: every login of the user that began before `at`. */
  readonly sid?: string
  /** The login that goes on when all others end. */
  readonly except?: string
  /** ms since 1970. */
  readonly at: number
}

/** Logins that have ended while tokens of them may still be around. */
export interface Revocations {
  add(revocation: Revocation): void
  has(identity: Identity): boolean
}

interface Ended {
  readonly at: number
  /** The login that was let go on. */
  readonly except?: string
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
  const logins = new Map<string, Ended>()
  const users = new Map<string, Ended>()
  const others = new Map<string, Ended>()
  const loginKey = (userId: string, sid: string): string => `${userId} ${sid}`

  const note = (book: Map<string, Ended>, key: string, ended: Ended): void => {
    const last = book.get(key)
    // Set anew, so that the order of the map is the order of time.
    book.delete(key)
    book.set(key, last !== undefined && last.at > ended.at ? last : ended)
    for (const [oldest, { at }] of book) {
      if (book.size <= size && at > now() - keepMs) break
      book.delete(oldest)
    }
  }

  /** Whether a token that says when it was issued, or does not, is from before. */
  const covers = (ended: Ended | undefined, issuedAt: number | undefined): boolean =>
    ended !== undefined && (issuedAt === undefined || issuedAt <= ended.at)

  return {
    add({ userId, sid, except, at }) {
      if (sid !== undefined) note(logins, loginKey(userId, sid), { at })
      else if (except === undefined) note(users, userId, { at })
      else note(others, userId, { at, except })
    },
    has({ userId, sid, issuedAt }) {
      if (sid !== undefined && logins.has(loginKey(userId, sid))) return true
      if (covers(users.get(userId), issuedAt)) return true
      const rest = others.get(userId)
      return covers(rest, issuedAt) && (sid === undefined || sid !== rest?.except)
    },
  }
}
