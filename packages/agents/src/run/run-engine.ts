import type { OwnedRun, RunSource } from '@throughline/server'
import { waitFor, type Wait } from './backoff.ts'
import { claimRuns } from './claim-runs.ts'
import { executeRun } from './execute-run.ts'
import { silentLogger, type RunLogger } from './run-logger.ts'
import { createParking } from './parking.ts'
import type { Team } from './team.ts'

export interface RunEngineOptions {
  /** Where runs come from. The engine closes it. */
  readonly source: RunSource
  readonly team: Team
  /** Runs at work at the same time, beside those that waited for a person and go on. Default 4, at least 1. */
  readonly concurrency?: number
  /** A run that takes longer fails. Default 1,800,000. */
  readonly runLimitMs?: number
  /** How long `close` lets runs finish. Default 20,000. */
  readonly drainMs?: number
  /** Default: silent. */
  readonly logger?: RunLogger
  /** Default: timers. */
  readonly wait?: Wait
  /** Default `Math.random`. */
  readonly random?: () => number
}

/** Takes runs and has a team do them, each to exactly one terminal event. */
export interface RunEngine {
  /** Runs under way, those that wait for a person included. */
  readonly active: number
  /**
   * Takes no more runs, lets those under way finish within `drainMs`, then aborts them without an end of their own:
   * their leases go back with the source, and the hub ends them as `interrupted`. Idempotent.
   */
  close(): Promise<void>
}

/** How long an aborted team may take to return before `close` goes on without it. */
const ABORT_GRACE_MS = 1_000

/** Starts taking runs from `source` at once, never more than `concurrency` at a time. */
export function createRunEngine(options: RunEngineOptions): RunEngine {
  const { source, team, logger = silentLogger, wait = waitFor, random = Math.random } = options
  const { concurrency = 4, runLimitMs = 1_800_000, drainMs = 20_000 } = options
  const claiming = new AbortController()
  const working = new AbortController()
  const active = new Set<Promise<void>>()
  const parked = new AbortController()
  const parking = createParking({ wait })
  let busy = 0
  let onRoom: () => void = () => undefined
  const leave = () => {
    busy -= 1
    onRoom()
  }

  const start = (run: OwnedRun) => {
    const shutdown = new AbortController()
    working.signal.addEventListener('abort', () => {
      shutdown.abort()
    })
    const onPark = () => {
      leave()
      // Nobody knows when a person answers: going down does not wait for that.
      const giveBack = () => {
        shutdown.abort()
      }
      if (parked.signal.aborted) giveBack()
      parked.signal.addEventListener('abort', giveBack)
      return () => {
        parked.signal.removeEventListener('abort', giveBack)
        busy += 1
      }
    }
    busy += 1
    const work = executeRun({
      run,
      team,
      runLimitMs,
      shutdown: shutdown.signal,
      logger,
      parking,
      onPark,
    }).finally(() => {
      active.delete(work)
      leave()
    })
    active.add(work)
  }
  const loop = claimRuns({
    source,
    start,
    free: async () => {
      while (busy >= Math.max(1, concurrency)) {
        await new Promise<void>((resolve) => {
          onRoom = resolve
        })
      }
    },
    signal: claiming.signal,
    logger,
    wait,
    random,
  })

  const settled = async (limitMs: number) => {
    const timer = new AbortController()
    // The loop first: a claim under way may still bring a run.
    const idle = loop.then(() => Promise.all(active))
    await Promise.race([idle, wait(limitMs, timer.signal)])
    timer.abort()
  }
  const shut = async () => {
    claiming.abort()
    parked.abort()
    await settled(drainMs)
    if (active.size > 0) {
      logger.warn({ runs: active.size }, 'runs were cut short by the shutdown')
      working.abort()
      await settled(ABORT_GRACE_MS)
    }
    await source.close()
  }
  let closing: Promise<void> | undefined
  return {
    get active() {
      return active.size
    },
    close: () => (closing ??= shut()),
  }
}
