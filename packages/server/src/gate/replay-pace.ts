export interface ReplayPaceOptions {
  /** History that one user is given, over all of their connections to this node; 0 = unlimited. */
  readonly bytesPerSecond: number
  readonly now?: () => number
  /** Users remembered; the one quiet longest is forgotten. Default 10,000. */
  readonly size?: number
}

/** Spreads what one user reads of the past, so that who reads everything again and again leaves room for others. */
export interface ReplayPace {
  /** Counts bytes about to go out; returns how long to hold them back, in milliseconds. */
  take(userId: string, bytes: number): number
}

/** Seconds of it that may go at once: who joins or resumes like everybody does never waits. */
const BURST_S = 2
const SECOND_MS = 1_000

/** A bucket for each user that may be overdrawn by what goes out next, and is waited for by what comes after. */
export function createReplayPace({
  bytesPerSecond,
  now = Date.now,
  size = 10_000,
}: ReplayPaceOptions): ReplayPace {
  const full = bytesPerSecond * BURST_S
  const users = new Map<string, { left: number; at: number }>()

  return {
    take(userId, bytes) {
      if (bytesPerSecond === 0) return 0
      const time = now()
      const known = users.get(userId) ?? { left: full, at: time }
      const refill = (Math.max(0, time - known.at) * bytesPerSecond) / SECOND_MS
      const before = Math.min(full, known.left + refill)
      users.delete(userId)
      users.set(userId, { left: before - bytes, at: time })
      if (users.size > size) {
        const oldest = users.keys().next()
        if (oldest.done !== true) users.delete(oldest.value)
      }
      return before >= 0 ? 0 : Math.ceil((-before / bytesPerSecond) * SECOND_MS)
    },
  }
}
