import { StreamError } from '@throughline/protocol'
import type { Wait } from './backoff.ts'

export interface ParkingOptions {
  /** Runs that may wait for people at once; with one more, the one that waits longest ends. Default 100. */
  readonly places?: number
  /** Longest wait for a person. Default 3,600,000. */
  readonly limitMs?: number
  readonly wait: Wait
}

/** Where runs wait for people. */
export interface Parking {
  /** Waits until `wait` settles. @throws StreamError when the person took too long or others need the place */
  park<T>(signal: AbortSignal, wait: (signal: AbortSignal) => Promise<T>): Promise<T>
}

export function createParking({ places = 100, limitMs = 3_600_000, wait: pause }: ParkingOptions): Parking {
  const parked = new Set<AbortController>()
  return {
    async park(signal, wait) {
      const out = new AbortController()
      parked.add(out)
      const [longest] = parked
      if (parked.size > places) longest?.abort(unanswered())
      const over = new AbortController()
      const late = pause(limitMs, over.signal).then(() => {
        if (!over.signal.aborted) out.abort(unanswered())
      })
      try {
        return await wait(AbortSignal.any([signal, out.signal]))
      } finally {
        over.abort()
        parked.delete(out)
        await late
      }
    },
  }
}

function unanswered(): StreamError {
  return new StreamError('server_error', 'The team waited too long for an answer of yours. Ask again.', {
    retryable: true,
  })
}
