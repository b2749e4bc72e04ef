/** Time that passes, whatever the wall clock says: every deadline but a token's end is measured with it. */
export interface Timers {
  /** Milliseconds that only grow. */
  monotonic(): number
  /** Runs once after `delayMs`; the answer cancels it. */
  schedule(run: () => void, delayMs: number): () => void
}

/** The runtime's own timers. */
export const systemTimers: Timers = {
  monotonic: () => performance.now(),
  schedule(run, delayMs) {
    const timer = setTimeout(run, delayMs)
    return () => {
      clearTimeout(timer)
    }
  },
}
