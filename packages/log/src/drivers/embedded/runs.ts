import type { RunLease } from '../../log-driver.ts'
import type { RunEntry, RunTable } from '../rules/run-table.ts'
import type { Batch } from './commits.ts'
import { activeRunKey, endedRunKey, under } from './keys.ts'
import { sealRecord, unsealRecord } from './seal.ts'
import { pages, type Store } from './store.ts'

/** A run that waits or works, as stored. */
export interface ActiveRunRecord {
  readonly lease: RunLease
  readonly order: number
}

/**
 * An append renews its run's lease; in the store that shows when it makes this much of a difference. A lease may so
 * seem to run out this much earlier after a restart.
 */
const RENEWAL_LAG_MS = 1_000

const storedUntil = new WeakMap<RunEntry, number>()

/** Every run that waits or works. */
export async function loadRuns(store: Store, runs: RunTable): Promise<void> {
  for await (const page of pages(store.entries(under('q')), 1_000)) {
    for (const [key, sealed] of page) {
      const { lease, order } = unsealRecord(key, sealed) as ActiveRunRecord
      runs.add(lease, order).written = lease
    }
  }
}

/** A run that ended. */
export async function loadEndedRun(
  store: Store,
  stream: string,
  runId: string,
): Promise<RunLease | undefined> {
  const key = endedRunKey(stream, runId)
  const sealed = await store.get(key)
  return sealed === undefined ? undefined : (unsealRecord(key, sealed) as RunLease)
}

/** Puts the new state of a run; `settle` it when the batch is done. `renewedOnly`: nothing but its time changed. */
export function putLease(
  batch: Batch,
  runs: RunTable,
  lease: RunLease,
  { renewedOnly = false }: { renewedOnly?: boolean } = {},
): void {
  const { sessionId, runId } = lease.run
  const entry = runs.get(sessionId, runId) ?? runs.add(lease)
  runs.change(entry, lease)
  if (renewedOnly && Math.abs(lease.expiresAt - (storedUntil.get(entry) ?? 0)) < RENEWAL_LAG_MS) return
  storedUntil.set(entry, lease.expiresAt)
  const activeKey = activeRunKey(sessionId, runId)
  if (lease.phase === 'ended') {
    const endedKey = endedRunKey(sessionId, runId)
    batch.del(activeKey)
    batch.put(endedKey, sealRecord(endedKey, lease))
    return
  }
  const record: ActiveRunRecord = { lease, order: entry.order }
  batch.put(activeKey, sealRecord(activeKey, record))
}
