import type { Timers } from './hub/timers.ts'

/** Resolves after `delayMs`, or as soon as `signal` aborts. */
export function pause(timers: Timers, delayMs: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const end = (): void => {
      cancel()
      signal.removeEventListener('abort', end)
      resolve()
    }
    const cancel = timers.schedule(end, delayMs)
    signal.addEventListener('abort', end)
    if (signal.aborted) end()
  })
}
