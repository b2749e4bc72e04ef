import { StreamError } from '@throughline/protocol'
import type { Timers } from '../hub/timers.ts'

export interface PatienceOptions {
  /** Whatever is waited for longer is given up. */
  readonly idleMs: number
  readonly timers: Timers
  /** Ends the waiting; its reason is thrown. */
  readonly signal: AbortSignal
}

/** Waits for one thing after another, for none of them too long. */
export interface Patience {
  /** @throws StreamError 408, or the signal's reason */
  wait<T>(work: Promise<T>): Promise<T>
  /** Ends the waiting of now, if there is any. */
  end(error: Error): void
  stop(): void
}

/** One timer and one listener for all that is waited for: a long body comes in a great many pieces. */
export function createPatience({ idleMs, timers, signal }: PatienceOptions): Patience {
  let since = 0
  let giveUp: ((error: Error) => void) | undefined

  // To give up what came meanwhile changes nothing.
  const look = (): void => {
    const left = since + idleMs - timers.monotonic()
    if (left <= 0) giveUp?.(tooLate())
    cancel = timers.schedule(look, left > 0 ? left : idleMs)
  }
  const onAbort = (): void => {
    giveUp?.(reasonOf(signal))
  }
  let cancel = timers.schedule(look, idleMs)
  signal.addEventListener('abort', onAbort)

  return {
    wait(work) {
      return new Promise((resolve, reject) => {
        since = timers.monotonic()
        giveUp = reject
        work.then(resolve, reject)
        if (signal.aborted) onAbort()
      })
    },
    end(error) {
      giveUp?.(error)
    },
    stop() {
      cancel()
      signal.removeEventListener('abort', onAbort)
    },
  }
}

function tooLate(): StreamError {
  return new StreamError('network_error', 'Nothing came for too long: connect again.', { status: 408 })
}

function reasonOf(signal: AbortSignal): Error {
  return signal.reason instanceof Error ? signal.reason : new Error('aborted')
}
