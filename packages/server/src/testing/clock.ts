import { createManualTimers, type ManualTimers } from '../hub/testing/manual-timers.ts'

/** Both clocks of a process, standing still until they are moved. */
export interface TestClock {
  readonly timers: ManualTimers
  readonly now: () => number
  /** Moves both and lets happen what needs no more time. */
  pass(ms: number): Promise<void>
}

export function createTestClock(start = 1_700_000_000_000): TestClock {
  const timers = createManualTimers(0)
  return {
    timers,
    now: () => start + timers.monotonic(),
    async pass(ms) {
      timers.advance(ms)
      await settle()
    },
  }
}

/** Lets everything that needs no time happen. */
export async function settle(turns = 20): Promise<void> {
  for (let turn = 0; turn < turns; turn++) await new Promise((resolve) => setImmediate(resolve))
}
