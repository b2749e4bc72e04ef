import type { EventLog } from '@throughline/log'
import { systemTimers, type Timers } from '../hub/timers.ts'

/** How long a deleted session can be restored. PROTOCOL.md §5. */
export const UNDO_MS = 10 * 60_000

export interface PurgeOptions {
  readonly log: EventLog
  /** Work that is due from time to time beside it. */
  readonly alsoDo?: () => Promise<void>
  /** Default 60,000. */
  readonly intervalMs?: number
  readonly now?: () => number
  readonly timers?: Timers
  readonly onError?: (error: unknown, context: string) => void
}

/** Removes the logs of sessions whose deletion can no longer be undone. */
export interface Purge {
  start(): void
  /** Looks once; resolves to the number of sessions removed. */
  purge(): Promise<number>
  close(): Promise<void>
}

const BATCH = 100
/** A restore that was let in at the last moment is through by then. */
const GRACE_MS = 30_000

export function createPurge(options: PurgeOptions): Purge {
  const { log, alsoDo = () => Promise.resolve(), intervalMs = 60_000 } = options
  const { now = Date.now, timers = systemTimers, onError = () => undefined } = options
  let cancel: (() => void) | undefined
  let running: Promise<unknown> = Promise.resolve()
  let closed = false

  const purge = async (): Promise<number> => {
    const gone = await log.driver.sessions.deletedBefore(now() - UNDO_MS - GRACE_MS, BATCH)
    for (const { id } of gone) {
      await log.driver.delete(id)
      log.publish({ kind: 'closed', stream: id })
    }
    return gone.length
  }

  const schedule = (): void => {
    if (closed) return
    cancel = timers.schedule(() => {
      running = Promise.all([purge(), alsoDo()])
        .catch((error: unknown) => {
          onError(error, 'removing deleted sessions')
        })
        .then(schedule)
    }, intervalMs)
  }

  return {
    start: schedule,
    purge,
    async close() {
      closed = true
      cancel?.()
      await running
    },
  }
}
