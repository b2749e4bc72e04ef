import { parseCursor, type ClaimedRun } from '@throughline/protocol'
import { openEnvelope, type EventLog } from '@throughline/log'
import type { Claimer } from './claimer.ts'
import { runProducer } from './names.ts'
import { FOLLOWED_TYPES, type RunPort } from './run-port.ts'

export interface LocalPortOptions {
  readonly log: EventLog
  readonly claimer: Claimer
  readonly run: ClaimedRun
  readonly now: () => number
}

/** A run's way to the log of this process. */
export function createLocalPort({ log, claimer, run, now }: LocalPortOptions): RunPort {
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
      const from = parseCursor(run.cursor)
      for await (const page of log.tail(sessionId, from ?? 'start', signal)) {
        for (const event of page.events) {
          // The run's own tokens come by here too: they are not worth parsing.
          if (FOLLOWED_TYPES.has(event.type)) onEvent(openEnvelope(event, page.epoch))
        }
      }
    },
  }
}
