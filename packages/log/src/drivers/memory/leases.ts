import type { LogDriver, RunLease } from '../../log-driver.ts'
import { claimedLease, ownedLease, releasedLease, renewedLease } from '../rules/leases.ts'
import { conflict } from '../rules/refusals.ts'
import { isOver, type RunEntry } from '../rules/run-table.ts'
import type { MemoryState } from './state.ts'

/** The runs of a memory driver. */
export function createMemoryLeases(state: MemoryState): LogDriver['leases'] {
  const { run, runs } = state

  const change = (entry: RunEntry | undefined, next: (lease: RunLease) => RunLease): RunLease => {
    if (entry === undefined) throw conflict('There is no such run, or it has ended.')
    const lease = next(entry.lease)
    runs.change(entry, lease)
    runs.settle(lease)
    return lease
  }

  return {
    get: (stream, runId) =>
      run(() => runs.get(stream, runId)?.lease ?? state.streams.get(stream)?.ended.get(runId)),
    active: (stream) => run(() => runs.of(stream).map((entry) => entry.lease)),
    claim: (claim) =>
      run(() => {
        const entry = runs.next()
        return entry && change(entry, (lease) => claimedLease(lease, claim))
      }),
    renew: ({ stream, runId, fence }, until) =>
      run(() => change(runs.get(stream, runId), (lease) => renewedLease(ownedLease(lease, fence), until))),
    release: ({ stream, runId, fence }) =>
      run(() => {
        change(runs.get(stream, runId), (lease) => releasedLease(ownedLease(lease, fence)))
      }),
    expired: ({ now, limit, ownerPrefix }) =>
      run(() => {
        const found: RunLease[] = []
        for (const { lease } of runs.all()) {
          if (found.length >= limit) break
          if (isOver(lease, now, ownerPrefix)) found.push(lease)
        }
        return found
      }),
  }
}
