import type { EventLog } from '@throughline/log'
import { isEvent, type Draft, type RunEndStatus } from '@throughline/protocol'
import type { Metrics } from './metrics.ts'

/** The same log; its appends are counted. `monotonic`: milliseconds that only grow. */
export function measureLog(log: EventLog, metrics: Metrics, monotonic: () => number): EventLog {
  return {
    ...log,
    append(stream, drafts, options) {
      const began = monotonic()
      // Looked at before: what waits for the write keeps no draft.
      const status = options?.endRun === undefined ? undefined : endStatus(drafts)
      // Only the reaper asks for this.
      const expires = options?.endRun !== undefined && options.fence?.expiredBy !== undefined
      return log.append(stream, drafts, options).then(
        (appended) => {
          metrics.appended(appended.events.length, monotonic() - began)
          if (!appended.repeated) {
            if (status !== undefined) metrics.runEnded(status)
            if (expires) metrics.leaseExpired()
          }
          return appended
        },
        (error: unknown) => {
          metrics.appendFailed()
          throw error
        },
      )
    },
  }
}

function endStatus(drafts: readonly Draft[]): RunEndStatus | undefined {
  for (const { type, data } of drafts) {
    const envelope = { type, data, timestamp: 0, sessionId: '' }
    if (isEvent(envelope, 'run_completed')) return envelope.data.status
  }
  return undefined
}
