import type { SessionRecord } from '../../log-driver.ts'
import type { Batch } from './commits.ts'
import { deletedKey, listKey } from './keys.ts'
import { sealRecord } from './seal.ts'
import type { StreamCell } from './stream-cell.ts'

/** The key under which a session is listed: among its user's, or among the deleted ones. */
export function indexKey(record: SessionRecord): string {
  const { id, userId, updatedAt, deletedAt } = record
  return deletedAt === null ? listKey(userId, updatedAt, id) : deletedKey(deletedAt, id)
}

/** Changes what the indexes say about a session; `undefined` removes it. */
export function putSession(batch: Batch, cell: StreamCell, next: SessionRecord | undefined): void {
  const before = cell.session.accepted
  const nextKey = next && indexKey(next)
  if (before !== undefined) {
    const beforeKey = indexKey(before)
    if (beforeKey !== nextKey) batch.del(beforeKey)
  }
  if (next !== undefined && nextKey !== undefined) batch.put(nextKey, sealRecord(nextKey, next))
  cell.session.accepted = next
}
