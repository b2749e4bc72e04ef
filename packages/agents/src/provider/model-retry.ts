import { StreamError } from '@throughline/protocol'
import { backoffMs, type Wait } from '../run/backoff.ts'
import { toModelError, type ModelOrigin } from './model-error.ts'

/** Why and when a call is repeated. */
export interface RetryNotice {
  /** 1 for the first repeat. */
  readonly attempt: number
  readonly afterMs: number
  readonly error: StreamError
}

export interface RetryOptions {
  readonly origin: ModelOrigin
  readonly signal: AbortSignal
  readonly retries: number
  readonly maxRetryAfterMs: number
  readonly wait: Wait
  readonly random: () => number
  readonly onRetry?: (notice: RetryNotice) => void
  /** Asked after a failure. Default: always. */
  readonly mayRepeat?: () => boolean
}

const BACKOFF = { baseMs: 500, maxMs: 8_000 } as const

/**
 * Calls, and repeats what may pass: refused for now, a provider's failure, an unreachable one; never what a person
 * has to mend, what took too long, nor once the run is over. A wait the provider asks for is kept, or the call fails at once.
 * @throws StreamError of the last try, or the signal's reason once it is aborted
 */
export async function withRetry<T>(call: () => Promise<T>, options: RetryOptions): Promise<T> {
  const { origin, signal, retries, maxRetryAfterMs, wait, random, onRetry, mayRepeat = () => true } = options
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await call()
    } catch (thrown) {
      signal.throwIfAborted()
      // Our own verdicts (too slow, empty, log refused) are final; only what the provider said may pass.
      if (thrown instanceof StreamError) throw thrown
      const error = toModelError(thrown, origin)
      const asked = error.retryAfterMs ?? 0
      if (!error.retryable || attempt > retries || asked > maxRetryAfterMs || !mayRepeat()) throw error
      const afterMs = Math.max(asked, backoffMs(attempt, { ...BACKOFF, random }))
      onRetry?.({ attempt, afterMs, error })
      await wait(afterMs, signal)
      signal.throwIfAborted()
    }
  }
}
