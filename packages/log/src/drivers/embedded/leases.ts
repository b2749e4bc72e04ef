import type { LogDriver, RunLease } from '../../log-driver.ts'
import { claimedLease, ownedLease, releasedLease, renewedLease } from '../rules/leases.ts'
import { conflict } from '../rules/refusals.ts'
import { isOver } from '../rules/run-table.ts'
import type { EmbeddedContext } from './context.ts'
import { loadEndedRun, putLease } from './runs.ts'

/** Runs: those that wait or work are all in memory, judged there, and shown as they are written. */
export function createLeases({ store, commits, runs, streams }: EmbeddedContext): LogDriver['leases'] {
  const change = (lease: RunLease): Promise<RunLease> => {
    const batch = commits.batch()
    putLease(batch, runs, lease)
    return batch.done(() => {
      runs.settle(lease)
      return lease
    })
  }

  const owned = (stream: string, runId: string, fence: number): RunLease => {
    const entry = runs.get(stream, runId)
    if (entry === undefined) throw conflict('There is no such run, or it has ended.')
    return ownedLease(entry.lease, fence)
  }

  return {
    get: (stream, runId) =>
      streams.use(stream, ({ cell }) => {
        if (cell === undefined || cell.tombstone !== undefined) return undefined
        const entry = runs.get(stream, runId)
        return entry === undefined ? loadEndedRun(store, stream, runId) : entry.written
      }),
    active: async (stream) => {
      const written = runs.of(stream).flatMap((entry) => entry.written ?? [])
      return Promise.resolve(written)
    },
    claim: async (claim) => {
      commits.check()
      const entry = runs.next()
      return entry && change(claimedLease(entry.lease, claim))
    },
    renew: async ({ stream, runId, fence }, until) =>
      change(renewedLease(owned(stream, runId, fence), until)),
    release: async ({ stream, runId, fence }) => {
      await change(releasedLease(owned(stream, runId, fence)))
    },
    expired: async ({ now, limit, ownerPrefix }) => {
      const found: RunLease[] = []
      for (const { written } of runs.all()) {
        if (found.length >= limit) break
        if (written !== undefined && isOver(written, now, ownerPrefix)) found.push(written)
      }
      return Promise.resolve(found)
    },
  }
}
