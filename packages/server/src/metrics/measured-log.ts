import type { EventLog } from '@throughline/log'
import { isEvent, type Draft, type RunEndStatus } from '@throughline/protocol'
import type { Metrics } from './metrics.ts'

/** The same log; its appends are counted. `monotonic`: milliseconds that only grow. */
export function measureLog(log: EventLog, metrics: Metrics, monotonic: () => number): EventLog {
  return {
    ...log,
    append(stream, drafts, options) {
      const began = monotonic()
      return log.append(stream, drafts, options).then(
        (appended) => {
          metrics.appended(appended.events.length, monotonic() - began)
          if (!appended.repeated && options?.endRun !== undefined) {
            const status = endStatus(drafts)
            if (status !== undefined) metrics.runEnded(status)
            // Only the reaper asks for this.
            if (options.fence?.expiredBy !== undefined) metrics.leaseExpired()
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
