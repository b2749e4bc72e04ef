import { StreamError } from '@throughline/protocol'
import type { Timers } from '../hub/timers.ts'

export interface LeaseKeeperOptions {
  /** Life of the lease without a renewal. */
  readonly ttlMs: number
  readonly timers: Timers
  /** @throws StreamError `conflict` when the lease is lost */
  readonly renew: () => Promise<void>
  /** Called once, when the lease is lost or has surely run out. */
  readonly onLost: (error: StreamError) => void
}

/** Renews a lease every third of its life unless appends do, and tells when it is lost: before anybody can take it. */
export interface LeaseKeeper {
  /** Runs what renews the lease when it succeeds. */
  renewedBy<T>(work: () => Promise<T>): Promise<T>
  /** What is surely left of the lease. */
  leftMs(): number
  stop(): void
}

export function createLeaseKeeper({ ttlMs, timers, renew, onLost }: LeaseKeeperOptions): LeaseKeeper {
  const everyMs = ttlMs / 3
  const retryMs = ttlMs / 12
  // When the last successful renewal was sent: the lease counts from there, not from the answer.
  let confirmedAt = timers.monotonic()
  let stopped = false
  let cancelLook: () => void = () => undefined
  let cancelEnd: () => void = () => undefined

  const leftMs = (): number => confirmedAt + ttlMs - timers.monotonic()

  const stop = (): void => {
    stopped = true
    cancelLook()
    cancelEnd()
  }

  const lose = (error: StreamError): void => {
    if (stopped) return
    stop()
    onLost(error)
  }

  const renewedBy = async <T>(work: () => Promise<T>): Promise<T> => {
    const sentAt = timers.monotonic()
    const result = await work()
    confirmedAt = Math.max(confirmedAt, sentAt)
    return result
  }

  /** Whatever a renewal under way will say, nothing is written after the end of the lease. */
  const watchEnd = (): void => {
    cancelEnd = timers.schedule(() => {
      if (stopped) return
      if (leftMs() > 0) watchEnd()
      else lose(new StreamError('conflict', 'The lease ran out: another worker may have the run.'))
    }, leftMs())
  }

  const look = async (): Promise<number> => {
    // An append has renewed it since the last look, or nearly.
    if (leftMs() > (ttlMs * 5) / 6) return everyMs
    try {
      await renewedBy(renew)
      return everyMs
    } catch (error) {
      if (error instanceof StreamError && !error.retryable) lose(error)
      return retryMs
    }
  }

  const schedule = (delayMs: number): void => {
    if (stopped) return
    cancelLook = timers.schedule(() => {
      void look().then(schedule)
    }, delayMs)
  }

  watchEnd()
  schedule(everyMs)
  return { renewedBy, leftMs, stop }
}
