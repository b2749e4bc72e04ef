import { StreamError } from '@throughline/protocol'

export interface TurnstileOptions {
  /** How many run at once. */
  readonly atOnce: number
  /** How many wait for that; one more is refused. */
  readonly waiting: number
}

/** Lets work through a few at a time. @throws StreamError 503 when too much waits */
export type Turnstile = <T>(work: () => Promise<T>) => Promise<T>

/** For work that costs much and that strangers can ask for. */
export function createTurnstile({ atOnce, waiting }: TurnstileOptions): Turnstile {
  const queue: (() => void)[] = []
  let running = 0
  return async (work) => {
    if (running >= atOnce) {
      if (queue.length >= waiting) {
        throw new StreamError('rate_limited', 'Too many people are signing in: try again in a moment.', {
          status: 503,
          retryAfterMs: 2_000,
        })
      }
      // Whoever leaves hands its place over, so that nobody slips in between.
      await new Promise<void>((resolve) => queue.push(resolve))
    } else running += 1
    try {
      return await work()
    } finally {
      const next = queue.shift()
      if (next === undefined) running -= 1
      else next()
    }
  }
}
