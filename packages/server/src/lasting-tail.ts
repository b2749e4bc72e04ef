import { CursorExpired, type EventLog, type LogPage } from '@throughline/log'
import { StreamError, type Position } from '@throughline/protocol'
import type { Timers } from './hub/timers.ts'
import { pause } from './pause.ts'

export interface LastingTailOptions {
  readonly log: EventLog
  readonly stream: string
  readonly from: Position | 'start'
  readonly signal: AbortSignal
  readonly timers: Timers
  readonly onPage: (page: LogPage) => void
  /** Where to go on in another life of the stream. `last` is where this reader stood. */
  readonly onReset: (head: Position, last: Position | 'start') => Position | 'start'
  /** The first of several failures in a row. */
  readonly onError: (error: unknown) => void
}

const FIRST_RETRY_MS = 250
const MAX_RETRY_MS = 5_000

/**
 * A tail that outlives its storage: reads that fail are tried again, another life of the stream is followed from where
 * `onReset` says. Ends without error when `signal` aborts. @throws StreamError `not_found`, `stream_closed`
 */
export async function lastingTail(options: LastingTailOptions): Promise<void> {
  const { log, stream, signal, timers, onPage, onReset, onError } = options
  let { from } = options
  let retryMs = FIRST_RETRY_MS
  while (!signal.aborted) {
    try {
      for await (const page of log.tail(stream, from, signal)) {
        onPage(page)
        retryMs = FIRST_RETRY_MS
        const last = page.events.at(-1)
        if (last !== undefined) from = { epoch: page.epoch, offset: last.offset }
      }
      return
    } catch (error) {
      if (error instanceof CursorExpired) {
        from = onReset(error.head, from)
        continue
      }
      if (error instanceof StreamError && !error.retryable) throw error
      if (retryMs === FIRST_RETRY_MS) onError(error)
      await pause(timers, retryMs, signal)
      retryMs = Math.min(MAX_RETRY_MS, retryMs * 2)
    }
  }
}
