import { StreamError } from '@throughline/protocol'
import type { EventLog, RunLease } from '@throughline/log'
import { systemTimers, type Timers } from '../hub/timers.ts'
import { LEASE_MS } from './claimer.ts'
import { terminalDraft } from './terminal.ts'

/** How owners inside a process begin their name: with an exclusive driver they end with their process. */
export const LOCAL_OWNER = 'local:'

export interface ReaperOptions {
  readonly log: EventLog
  /** Life of a lease; it looks three times as often, and at least every 5 s. Default 15,000. */
  readonly leaseMs?: number
  readonly now?: () => number
  readonly timers?: Timers
  readonly onError?: (error: unknown, context: string) => void
  /** Whether a run does nothing but wait for a person; it then goes to another owner instead. Default: none does. */
  readonly isWaiting?: (sessionId: string, runId: string) => Promise<boolean>
}

/** Ends the runs whose owner is dead, so that nobody waits for ever. PROTOCOL.md §7. */
export interface Reaper {
  /** With an exclusive driver, ends at once what a former process of this directory owned; then looks regularly. */
  start(): Promise<void>
  /** Looks once; resolves to the number of runs ended. */
  reap(): Promise<number>
  close(): Promise<void>
}

/** Runs looked at in one go. */
const BATCH = 100

export function createReaper(options: ReaperOptions): Reaper {
  const {
    log,
    leaseMs = LEASE_MS,
    now = Date.now,
    timers = systemTimers,
    onError = () => undefined,
    isWaiting = () => Promise.resolve(false),
  } = options
  const intervalMs = Math.min(5_000, leaseMs / 3)
  let cancel: (() => void) | undefined
  let running: Promise<unknown> = Promise.resolve()
  let closed = false

  const interrupt = async ({ run, fence }: RunLease, expiredBy: number | undefined): Promise<boolean> => {
    const { sessionId, runId } = run
    const end = terminalDraft({ runId, status: 'interrupted', reason: 'Its worker is gone.' })
    try {
      if (await isWaiting(sessionId, runId)) {
        await log.driver.leases.release({ stream: sessionId, runId, fence })
        log.publish({ kind: 'queued' })
        return true
      }
      await log.append(sessionId, [end], {
        // A renewal that comes between the look and this append wins.
        fence: { runId, fence, ...(expiredBy !== undefined && { expiredBy }) },
        endRun: runId,
        session: { updatedAt: now() },
      })
      return true
    } catch (error) {
      if (error instanceof StreamError && ['conflict', 'stream_closed', 'not_found'].includes(error.code))
        return false
      throw error
    }
  }

  const sweep = async (ownerPrefix?: string): Promise<number> => {
    let ended = 0
    for (;;) {
      const time = now()
      const query = { now: time, limit: BATCH, ...(ownerPrefix !== undefined && { ownerPrefix }) }
      const leases = await log.driver.leases.expired(query)
      let progress = 0
      for (const lease of leases) {
        if (await interrupt(lease, ownerPrefix === undefined ? time : undefined)) progress += 1
      }
      ended += progress
      // A full batch that nothing could be done about would come again for ever.
      if (leases.length < BATCH || progress === 0) return ended
    }
  }

  const schedule = (): void => {
    if (closed) return
    cancel = timers.schedule(() => {
      running = sweep()
        .catch((error: unknown) => {
          onError(error, 'ending runs whose worker is gone')
        })
        .then(schedule)
    }, intervalMs)
  }

  return {
    async start() {
      if (log.driver.exclusive) await sweep(LOCAL_OWNER)
      schedule()
    },
    reap: () => sweep(),
    async close() {
      closed = true
      cancel?.()
      await running
    },
  }
}
