/** Time that passes, whatever the wall clock says: every deadline but a token's end is measured with it. */
export interface Timers {
  /** Milliseconds that only grow. */
  monotonic(): number
  /** Runs once after `delayMs`, with 0 when the event loop has done what it had to; the answer cancels it. */
  schedule(run: () => void, delayMs: number): () => void
}

/** The runtime's own timers. */
export const systemTimers: Timers = {
  monotonic: () => performance.now(),
  schedule(run, delayMs) {
    if (delayMs <= 0 && typeof setImmediate === 'function') {
      const immediate = setImmediate(run)
      return () => {
        clearImmediate(immediate)
      }
    }
    const timer = setTimeout(run, delayMs)
    return () => {
      clearTimeout(timer)
    }
  },
}
