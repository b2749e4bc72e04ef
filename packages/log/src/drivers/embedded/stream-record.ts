import type { SessionRecord, Tombstone } from '../../log-driver.ts'
import type { Batch } from './commits.ts'
import { damaged } from './failures.ts'
import { lastOf, unsealGroup } from './event-group.ts'
import { eventRange, streamKey } from './keys.ts'
import { foundProducer, putProducers, type ProducerRecord } from './producers.ts'
import { sealPlace, sealRecord, unsealRecord } from './seal.ts'
import type { Store } from './store.ts'
import { createCell, type StreamCell } from './stream-cell.ts'

/** A stream as stored: without its events. */
export type StreamRecord =
  | {
      readonly seed: string
      readonly first: number
      /** At least this many events were appended: fewer in the store is a damage. */
      readonly head: number
      readonly session: SessionRecord
    }
  | DeletedRecord

/** What is stored of a stream after `delete`; the first versions kept no owner. */
export interface DeletedRecord extends Partial<Tombstone> {
  readonly deleted: true
}

/**
 * Events after which the stored record is written again: a lost end of a stream is noticed by it, and where producers
 * are is read from the events behind it.
 */
const RECORD_EVERY = 32

const NOTHING = { seed: '', first: 1, head: 0 }

/** Reads a stream; `undefined` when there is none. @throws `server_error` when its end is missing */
export async function loadCell(
  store: Store,
  name: string,
  generation: string,
): Promise<StreamCell | undefined> {
  const key = streamKey(name)
  const sealed = await store.get(key)
  if (sealed === undefined) {
    // Or else a session of that name could be created over the history of this one.
    const { head } = await loadTail(store, name, Infinity)
    if (head > 0) throw damaged(`${key}: missing`)
    return undefined
  }
  const record = unsealRecord(key, sealed) as StreamRecord
  if ('deleted' in record) {
    return { ...createCell(name, NOTHING, generation), tombstone: { userId: record.userId ?? null } }
  }
  const { head, marks } = await loadTail(store, name, record.head)
  if (head < record.head) throw damaged(`${key}: ends at ${String(head)}`)
  const cell = createCell(name, { ...record, head }, generation)
  cell.recordedHead = record.head
  for (const [producerId, found] of marks) cell.producers.set(producerId, foundProducer(cell, found))
  cell.session = { accepted: record.session, written: record.session }
  return cell
}

interface Tail {
  /** Offset of the last event; 0 when there is none. */
  readonly head: number
  /** Where the producers of the events behind the record are. */
  readonly marks: ReadonlyMap<string, ProducerRecord>
}

/** Reads back from the last event to the one that the record names. */
async function loadTail(store: Store, name: string, recordedHead: number): Promise<Tail> {
  const place = sealPlace(name)
  const marks = new Map<string, ProducerRecord>()
  const range = eventRange(name, 0, Number.MAX_SAFE_INTEGER - 1)
  const scan = store.values(range, { reverse: true })
  let head: number | undefined
  try {
    for (let page = await scan.next(1); page.length > 0; page = await scan.next(RECORD_EVERY)) {
      for (const value of page) {
        const group = unsealGroup(place, value)
        const offset = lastOf(group)
        head ??= offset
        if (offset <= recordedHead) return { head, marks }
        const { mark } = group
        if (mark !== undefined && !marks.has(mark.producerId))
          marks.set(mark.producerId, { producerSeq: mark.producerSeq, offset })
      }
    }
    return { head: head ?? 0, marks }
  } finally {
    await scan.close()
  }
}

/** Puts the stream's record, and where its producers are; with `ifDue`, only when it is time to. */
export function putRecord(batch: Batch, cell: StreamCell, { ifDue = false } = {}): void {
  if (ifDue && cell.head - cell.recordedHead < RECORD_EVERY) return
  const { seed, first, head, session } = cell
  if (session.accepted === undefined) return
  const key = streamKey(cell.name)
  const record: StreamRecord = { seed, first, head, session: session.accepted }
  batch.put(key, sealRecord(key, record))
  putProducers(batch, cell)
  cell.recordedHead = head
}
