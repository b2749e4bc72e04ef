export interface RateLimitOptions {
  /** Calls a minute in the long run; 0 = unlimited. */
  readonly perMinute: number
  /** How many may come at once. Default: those of a minute. */
  readonly burst?: number | undefined
  readonly now?: () => number
  /** Callers remembered; the one quiet longest is forgotten. Default 10,000. */
  readonly size?: number
}

/** Counts calls of each caller. */
export interface RateLimit {
  /** Takes one call; returns the wait until the next is free, in milliseconds, or 0 when this one is let through. */
  take(caller: string): number | Promise<number>
}

/** A limit whose counts are at hand. */
export interface LocalRateLimit extends RateLimit {
  take(caller: string): number
}

interface Bucket {
  tokens: number
  at: number
}

/** A bucket for each caller that refills evenly: a burst passes, a flood does not. */
export function createRateLimit(options: RateLimitOptions): LocalRateLimit {
  const { perMinute, burst = perMinute, now = Date.now, size = 10_000 } = options
  const buckets = new Map<string, Bucket>()
  const perMs = perMinute / 60_000

  const bucketOf = (caller: string, time: number): Bucket => {
    const known = buckets.get(caller) ?? { tokens: burst, at: time }
    const elapsed = Math.max(0, time - known.at)
    const bucket = { tokens: Math.min(burst, known.tokens + elapsed * perMs), at: time }
    buckets.delete(caller)
    buckets.set(caller, bucket)
    if (buckets.size > size) {
      const oldest = buckets.keys().next()
      if (oldest.done !== true) buckets.delete(oldest.value)
    }
    return bucket
  }

  return {
    take(caller) {
      if (perMinute === 0) return 0
      const bucket = bucketOf(caller, now())
      if (bucket.tokens >= 1) {
        bucket.tokens -= 1
        return 0
      }
      return Math.ceil((1 - bucket.tokens) / perMs)
    },
  }
}
