import type { Timers } from '../timers.ts'

/** Timers that stand still until they are advanced. */
export interface ManualTimers extends Timers {
  /** Lets time pass and runs what falls due, in order. */
  advance(ms: number): void
  /** Timers set and not yet due. */
  readonly pending: number
}

export function createManualTimers(start = 1_000): ManualTimers {
  let time = start
  const timers = new Set<{ readonly at: number; readonly run: () => void }>()

  function next(until: number): { readonly at: number; readonly run: () => void } | undefined {
    const due = [...timers].filter(({ at }) => at <= until)
    return due.sort((a, b) => a.at - b.at)[0]
  }

  return {
    monotonic: () => time,
    schedule(run, delayMs) {
      const timer = { at: time + Math.max(0, delayMs), run }
      timers.add(timer)
      return () => timers.delete(timer)
    },
    advance(ms) {
      const until = time + ms
      for (let timer = next(until); timer !== undefined; timer = next(until)) {
        timers.delete(timer)
        time = Math.max(time, timer.at)
        timer.run()
      }
      time = until
    },
    get pending() {
      return timers.size
    },
  }
}
