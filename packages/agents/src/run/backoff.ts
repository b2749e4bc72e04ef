export interface BackoffOptions {
  /** Middle of the first wait, in milliseconds. */
  readonly baseMs: number
  /** No wait is longer. */
  readonly maxMs: number
  /** Default `Math.random`. */
  readonly random?: () => number
}

/** Milliseconds before try `attempt` (1 is the first repeat): doubling, spread over half to one and a half, capped. */
export function backoffMs(attempt: number, options: BackoffOptions): number {
  const { baseMs, maxMs, random = Math.random } = options
  const middle = baseMs * 2 ** Math.min(Math.max(attempt, 1) - 1, 30)
  return Math.min(maxMs, Math.round(Math.min(middle, maxMs) * (0.5 + random())))
}

/** Waits that can be given up. Injected, so that tests need not wait. */
export type Wait = (ms: number, signal: AbortSignal) => Promise<void>

/** Resolves after `ms` or as soon as `signal` is aborted; never rejects and leaves no timer behind. */
export const waitFor: Wait = (ms, signal) =>
  new Promise((resolve) => {
    if (signal.aborted) {
      resolve()
      return
    }
    const done = () => {
      clearTimeout(timer)
      signal.removeEventListener('abort', done)
      resolve()
    }
    const timer = setTimeout(done, ms)
    signal.addEventListener('abort', done)
  })
