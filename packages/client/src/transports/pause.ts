import type { Environment } from '../environment.ts'

/** A wait that an abort cuts short. */
export function pauseOf(environment: Pick<Environment, 'setTimer' | 'clearTimer'>) {
  return (ms: number, signal: AbortSignal): Promise<void> =>
    new Promise((resolve) => {
      const done = (): void => {
        environment.clearTimer(timer)
        signal.removeEventListener('abort', done)
        resolve()
      }
      const timer = environment.setTimer(done, ms)
      signal.addEventListener('abort', done)
      if (signal.aborted) done()
    })
}
