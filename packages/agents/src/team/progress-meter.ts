/** What one step of work looks like from outside. */
export interface Progress {
  /** 0–100: work units done. */
  readonly progress: number
  /** Milliseconds, from how long such steps took before; `null` while that is unknown or this one takes longer. */
  readonly estimatedTimeRemaining: number | null
}

/** Least time between two progress events of an agent that are not its last, in milliseconds. */
const PROGRESS_INTERVAL_MS = 1_000

export interface ProgressMeter {
  /** The progress after `done` of `total` units, or `undefined` when it is too early to tell it. */
  step(done: number, total: number): Progress | undefined
}

/**
 * Measures an agent's work against what such a step took before, and paces what it tells: with one event a second and the last one
 * always, no second holds more than two. PROTOCOL.md §2.
 */
export function createProgressMeter(now: () => number, typicalMs?: number): ProgressMeter {
  const startedAt = now()
  let toldAt = -Infinity
  return {
    step(done, total) {
      const at = now()
      // That nothing is done yet was said by the start.
      if (at - toldAt < PROGRESS_INTERVAL_MS || (done <= 0 && at - startedAt < PROGRESS_INTERVAL_MS))
        return undefined
      toldAt = at
      return {
        progress: percent(done, total),
        estimatedTimeRemaining: remaining(typicalMs, at - startedAt),
      }
    },
  }
}

function percent(done: number, total: number): number {
  if (total <= 0) return 0
  return Math.round((100 * Math.min(Math.max(done, 0), total)) / total)
}

function remaining(typicalMs: number | undefined, elapsedMs: number): number | null {
  return typicalMs === undefined || elapsedMs >= typicalMs ? null : Math.round(typicalMs - elapsedMs)
}
