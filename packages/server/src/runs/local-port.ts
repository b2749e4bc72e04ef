import { parseCursor, type ClaimedRun } from '@throughline/protocol'
import { openEnvelope, type EventLog } from '@throughline/log'
import type { Timers } from '../hub/timers.ts'
import { lastingTail } from '../lasting-tail.ts'
import type { Claimer } from './claimer.ts'
import { runProducer } from './names.ts'
import { FOLLOWED_TYPES, type RunPort } from './run-port.ts'

export interface LocalPortOptions {
  readonly log: EventLog
  readonly claimer: Claimer
  readonly run: ClaimedRun
  readonly now: () => number
  readonly timers: Timers
  readonly onError: (error: unknown, context: string) => void
}

/** A run's way to the log of this process. */
export function createLocalPort(options: LocalPortOptions): RunPort {
  const { log, claimer, run, now, timers, onError } = options
  const { sessionId, runId, fence, ttl } = run
  const producerId = runProducer(runId, fence)
  const lease = { stream: sessionId, runId, fence }
  return {
    async append({ seq, drafts, end }) {
      const time = now()
      const appended = await log.append(sessionId, drafts, {
        producer: { producerId, producerSeq: seq },
        fence: { runId, fence, renew: { now: time, ttlMs: ttl } },
        ...(end && { endRun: runId, session: { updatedAt: time } }),
      })
      return appended.head
    },
    signal(draft) {
      log.signal(sessionId, draft)
    },
    async renew() {
      await log.driver.leases.renew(lease, { now: now(), ttlMs: ttl })
    },
    release: () => claimer.release(lease),
    async follow(onEvent, signal) {
      await lastingTail({
        log,
        stream: sessionId,
        from: parseCursor(run.cursor) ?? 'start',
        signal,
        timers,
        onPage(page) {
          for (const event of page.events) {
            // The run's own tokens come by here too: they are not worth parsing.
            if (FOLLOWED_TYPES.has(event.type)) onEvent(openEnvelope(event, page.epoch))
          }
        },
        // What was there before is there again, less what was lost; what ended the run refuses its next append, too.
        onReset: (head, last) =>
          last === 'start' ? last : { epoch: head.epoch, offset: Math.min(last.offset, head.offset) },
        onError: (error) => {
          onError(error, `following run ${runId}`)
        },
      })
    },
  }
}
