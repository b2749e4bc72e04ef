import { StreamError } from '@throughline/protocol'
import type { OwnedRun, RunSource } from '@throughline/server'
import { backoffMs, type Wait } from './backoff.ts'
import { failureFields } from './failure-fields.ts'
import type { RunLogger } from './run-logger.ts'

export interface ClaimRunsOptions {
  readonly source: RunSource
  readonly start: (run: OwnedRun) => void
  /** Settles once there is room for another run. */
  readonly free: () => Promise<void>
  readonly signal: AbortSignal
  readonly logger: RunLogger
  readonly wait: Wait
  readonly random: () => number
}

/** How long one claim waits for a run to be queued. */
const CLAIM_WAIT_MS = 20_000
/** Pause after a claim that brought nothing, so that a source which answers at once is not asked without end. */
const IDLE_MS = 100
const BACKOFF = { baseMs: 500, maxMs: 30_000 } as const
/** Longest wait that a source may ask for. */
const MAX_RETRY_AFTER_MS = 60_000

/** Claims run after run until `signal` is aborted; backs off, bounded and jittered, while the source fails. */
export async function claimRuns(options: ClaimRunsOptions): Promise<void> {
  const { source, start, free, signal, logger, wait, random } = options
  let failures = 0
  while (!signal.aborted) {
    await free()
    if (isAborted(signal)) return
    try {
      const run = await source.claim({ waitMs: CLAIM_WAIT_MS, signal })
      if (failures > 0) logger.info({ failures }, 'runs can be claimed again')
      failures = 0
      // A run that arrives while closing is ours already: it is done, not dropped.
      if (run !== undefined) start(run)
      else await wait(IDLE_MS, signal)
    } catch (error) {
      if (isAborted(signal)) return
      failures += 1
      const asked = error instanceof StreamError ? (error.retryAfterMs ?? 0) : 0
      const retryMs = Math.max(
        backoffMs(failures, { ...BACKOFF, random }),
        Math.min(asked, MAX_RETRY_AFTER_MS),
      )
      logger.warn({ ...failureFields(error), failures, retryMs }, 'claiming a run failed')
      await wait(retryMs, signal)
    }
  }
}

// A call, so that the compiler does not take the loop's condition to hold across awaits.
function isAborted(signal: AbortSignal): boolean {
  return signal.aborted
}
