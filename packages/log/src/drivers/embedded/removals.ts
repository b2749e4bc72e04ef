import { StreamError } from '@throughline/protocol'
import type { LogDriver, Tombstone } from '../../log-driver.ts'
import { checkRemovable } from '../rules/places.ts'
import type { EmbeddedContext } from './context.ts'
import { activeRunKey, eventKey, eventRange, garbageKey, streamKey, type Garbage } from './keys.ts'
import { bridgeEvent, sealRecord, unsealEvent } from './seal.ts'
import { putSession } from './session-index.ts'
import { pages, type Store } from './store.ts'
import type { StreamCell } from './stream-cell.ts'
import { putRecord } from './stream-record.ts'

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
  const { gone, bridging } = await findBridges(store, cell, removed)
  const batch = commits.batch()
  for (const offset of gone) batch.del(eventKey(cell.name, offset))
  for (const [offset, value] of bridging) batch.put(eventKey(cell.name, offset), value)
  // Where producers are is not looked for in events that are gone.
  putRecord(batch, cell)
  await batch.done(() => undefined)
}

/** The events to remove, and those left behind each gap, which are to name the event before it. */
async function findBridges(
  store: Store,
  { name, place, writtenHead }: StreamCell,
  removed: ReadonlySet<number>,
): Promise<{ gone: number[]; bridging: Map<number, string> }> {
  const bounds = [...removed].reduce(
    ({ low, high }, offset) => ({ low: Math.min(low, offset), high: Math.max(high, offset) }),
    { low: Infinity, high: 0 },
  )
  const gone: number[] = []
  const bridging = new Map<number, string>()
  let bridge: number | undefined
  for await (const page of pages(store.values(eventRange(name, bounds.low - 1, writtenHead)), 500)) {
    for (const sealed of page) {
      const event = unsealEvent(place, sealed)
      if (removed.has(event.offset)) {
        bridge ??= event.prev ?? event.offset - 1
        gone.push(event.offset)
        continue
      }
      if (bridge !== undefined) bridging.set(event.offset, bridgeEvent(place, sealed, bridge))
      bridge = undefined
      if (event.offset > bounds.high) return { gone, bridging }
    }
  }
  return { gone, bridging }
}

async function trim({ commits, sweeper }: EmbeddedContext, cell: StreamCell, offset: number): Promise<void> {
  if (offset <= cell.first) return
  checkRemovable({ ...cell, head: cell.writtenHead }, offset - 1)
  const garbage: Garbage = { stream: cell.name, before: offset }
  const batch = commits.batch()
  cell.first = offset
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
