import { StreamError } from '@throughline/protocol'
import type { LogDriver, StoredEvent, Tombstone } from '../../log-driver.ts'
import { checkRemovable } from '../rules/places.ts'
import type { Batch } from './commits.ts'
import type { EmbeddedContext } from './context.ts'
import { groupKey, lastOf, sealGroup, unsealGroup, type EventGroup } from './event-group.ts'
import { activeRunKey, eventRange, garbageKey, streamKey, type Garbage } from './keys.ts'
import { sealRecord } from './seal.ts'
import { putSession } from './session-index.ts'
import { pages, type Store } from './store.ts'
import type { StreamCell } from './stream-cell.ts'
import { putRecord } from './stream-record.ts'

/** Groups looked at together. */
const PAGE = 500

/** Removals. What is gone for readers in one step is swept from the disk afterwards, also after a restart. */
export function createRemovals(context: EmbeddedContext): Pick<LogDriver, 'compact' | 'trim' | 'delete'> {
  const { streams } = context
  return {
    compact: (name, offsets) => streams.remove(name, (cell) => compact(context, cell, offsets)),
    trim: (name, offset) => streams.remove(name, (cell) => trim(context, cell, offset)),
    delete: (name) =>
      streams
        .remove(name, (cell) => erase(context, cell))
        .catch((error: unknown) => {
          if (!(error instanceof StreamError && error.code === 'stream_closed')) throw error
        }),
  }
}

async function compact(
  { store, commits }: EmbeddedContext,
  cell: StreamCell,
  offsets: readonly number[],
): Promise<void> {
  for (const offset of offsets) checkRemovable({ ...cell, head: cell.writtenHead }, offset)
  const removed = new Set(offsets.filter((offset) => offset >= cell.first))
  if (removed.size === 0) return
  const { low, high } = [...removed].reduce(
    (bounds, offset) => ({ low: Math.min(bounds.low, offset), high: Math.max(bounds.high, offset) }),
    { low: Infinity, high: 0 },
  )
  const changes = await withoutEvents(store, cell, { low, high, isGone: (offset) => removed.has(offset) })
  const batch = commits.batch()
  putGroups(batch, changes)
  // Where producers are is not looked for in events that are gone.
  putRecord(batch, cell)
  await batch.done(() => undefined)
}

/** Keys of groups and what they are to hold; no value for one that is gone. */
type GroupChanges = ReadonlyMap<string, string | undefined>

function putGroups(batch: Batch, changes: GroupChanges): void {
  for (const [key, value] of changes) {
    if (value === undefined) batch.del(key)
    else batch.put(key, value)
  }
}

interface Removed {
  readonly low: number
  readonly high: number
  readonly isGone: (offset: number) => boolean
}

/** What changes with the groups that hold something from `low` to `high` which is gone. */
async function withoutEvents(
  store: Store,
  { name, place, writtenHead }: StreamCell,
  { low, high, isGone }: Removed,
): Promise<GroupChanges> {
  const changes = new Map<string, string | undefined>()
  let bridge: number | undefined
  for await (const page of pages(store.values(eventRange(name, low - 1, writtenHead)), PAGE)) {
    for (const sealed of page) {
      const group = unsealGroup(place, sealed)
      const left = bridgeGaps(group, isGone, bridge)
      bridge = left.bridge
      if (left.isChanged) changes.set(groupKey(name, group), undefined)
      // What loses its last event is found by another one.
      if (left.isChanged && left.events.length > 0) changes.set(groupKey(name, left), sealGroup(place, left))
      if (bridge === undefined && lastOf(group) > high) return changes
    }
  }
  return changes
}

interface GroupLeft extends EventGroup {
  readonly isChanged: boolean
  /** What the next event that stays has before it; `undefined` when it has it already. */
  readonly bridge: number | undefined
}

/**
 * A group without the events that are gone, and without its mark, which the producer's record says by then. Each event
 * behind a gap names the one before it.
 */
function bridgeGaps(
  { events }: EventGroup,
  isGone: (offset: number) => boolean,
  before: number | undefined,
): GroupLeft {
  const kept: StoredEvent[] = []
  let bridge = before
  for (const event of events) {
    if (isGone(event.offset)) {
      bridge ??= event.prev ?? event.offset - 1
      continue
    }
    kept.push(bridge === undefined ? event : { ...event, prev: bridge })
    bridge = undefined
  }
  const isChanged = before !== undefined || kept.length < events.length
  return { events: kept, isChanged, bridge }
}

async function trim(
  { store, commits, sweeper }: EmbeddedContext,
  cell: StreamCell,
  offset: number,
): Promise<void> {
  if (offset <= cell.first) return
  checkRemovable({ ...cell, head: cell.writtenHead }, offset - 1)
  const garbage: Garbage = { stream: cell.name, before: offset }
  const isGone = (at: number): boolean => at < offset
  const cut = await withoutEvents(store, cell, { low: offset, high: offset - 1, isGone })
  const batch = commits.batch()
  cell.first = offset
  // Whole groups are swept by their keys; this one stays, with what it holds from here on.
  putGroups(batch, cut)
  putRecord(batch, cell)
  batch.put(garbageKey(garbage), '')
  await batch.done(() => {
    sweeper.add(garbage)
  })
}

async function erase({ commits, runs, sweeper }: EmbeddedContext, cell: StreamCell): Promise<void> {
  const garbage: Garbage = { stream: cell.name }
  const key = streamKey(cell.name)
  const batch = commits.batch()
  for (const { lease } of runs.of(cell.name)) batch.del(activeRunKey(cell.name, lease.run.runId))
  const tombstone: Tombstone = { userId: cell.session.accepted?.userId ?? null }
  batch.put(key, sealRecord(key, { deleted: true, ...tombstone }))
  putSession(batch, cell, undefined)
  batch.put(garbageKey(garbage), '')
  cell.tombstone = tombstone
  cell.session.written = undefined
  cell.producers.clear()
  runs.forget(cell.name)
  await batch.done(() => {
    sweeper.add(garbage)
  })
}
