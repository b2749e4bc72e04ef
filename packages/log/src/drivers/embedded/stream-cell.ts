import { createHash } from 'node:crypto'
import type { Position } from '@throughline/protocol'
import type { SessionRecord, StoredSnapshot, Tombstone } from '../../log-driver.ts'
import type { Extent } from '../rules/places.ts'
import type { ProducerState } from '../rules/producers.ts'
import type { Batch } from './commits.ts'
import { damaged } from './failures.ts'
import { eventRange, streamKey } from './keys.ts'
import { sealPlace, sealRecord, unsealEvent, unsealRecord } from './seal.ts'
import type { Store } from './store.ts'

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

/** Something accepted and something written; the same when nothing is under way. */
export interface Versions<T> {
  accepted: T
  written: T
}

/** What is in memory of one stream. `first` and `head` are what is accepted; readers see `writtenHead`. */
export interface StreamCell extends Extent {
  readonly name: string
  /** The name's checksum: part of that of every event. */
  readonly place: number
  /** Steps whose write is under way: a cell with any is not forgotten. */
  writing: number
  readonly seed: string
  first: number
  head: number
  writtenHead: number
  /** The head that the stored record names. */
  recordedHead: number
  session: Versions<SessionRecord | undefined>
  /** Set when the session was deleted for good. */
  tombstone: Tombstone | undefined
  readonly producers: Map<string, Versions<ProducerState | undefined>>
  /** The stream was begun by this process, and no producer was forgotten: the store has none that is not here. */
  holdsAllProducers: boolean
  /** Where the snapshot stands; `null` when there is none, `undefined` when that is not known. */
  snapshot: Pick<StoredSnapshot, 'position' | 'reducerVersion'> | null | undefined
}

/** Events after which the stored record is written again, so that a lost end of a stream is noticed. */
const RECORD_EVERY = 32

const EPOCH_LENGTH = 10

const NOTHING = { seed: '', first: 1, head: 0 }

/** An epoch belongs to one stream in one generation of the store: a new generation is a new epoch for all. */
export function epochOf(seed: string, generation: string): string {
  const digest = createHash('sha256').update(`${generation}!${seed}`).digest()
  // Eight bytes make at least ten digits in base 36 in all but one of some thousand cases.
  return digest.readBigUInt64BE().toString(36).padStart(EPOCH_LENGTH, '0').slice(-EPOCH_LENGTH)
}

/** A cell of a stream that is being created, or was stored without events. */
export function createCell(
  name: string,
  record: { seed: string; first: number; head: number },
  generation: string,
): StreamCell {
  return {
    name,
    place: sealPlace(name),
    writing: 0,
    seed: record.seed,
    epoch: epochOf(record.seed, generation),
    first: record.first,
    head: record.head,
    writtenHead: record.head,
    recordedHead: record.head,
    session: { accepted: undefined, written: undefined },
    tombstone: undefined,
    producers: new Map(),
    holdsAllProducers: false,
    snapshot: undefined,
  }
}

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
    if ((await loadHead(store, name)) > 0) throw damaged(`${key}: missing`)
    return undefined
  }
  const record = unsealRecord(key, sealed) as StreamRecord
  if ('deleted' in record) {
    return { ...createCell(name, NOTHING, generation), tombstone: { userId: record.userId ?? null } }
  }
  const head = await loadHead(store, name)
  if (head < record.head) throw damaged(`${key}: ends at ${String(head)}`)
  const cell = createCell(name, { ...record, head }, generation)
  cell.recordedHead = record.head
  cell.session = { accepted: record.session, written: record.session }
  return cell
}

async function loadHead(store: Store, name: string): Promise<number> {
  const scan = store.values(eventRange(name, 0, Number.MAX_SAFE_INTEGER - 1), { reverse: true, limit: 1 })
  try {
    const [last] = await scan.next(1)
    return last === undefined ? 0 : unsealEvent(sealPlace(name), last).offset
  } finally {
    await scan.close()
  }
}

/** Puts the stream's record; with `ifDue`, only when it is time to. */
export function putRecord(batch: Batch, cell: StreamCell, { ifDue = false } = {}): void {
  if (ifDue && cell.head - cell.recordedHead < RECORD_EVERY) return
  const { seed, first, head, session } = cell
  if (session.accepted === undefined) return
  const key = streamKey(cell.name)
  const record: StreamRecord = { seed, first, head, session: session.accepted }
  batch.put(key, sealRecord(key, record))
  cell.recordedHead = head
}

/** Where readers are told that the stream ends. */
export function writtenHead(cell: StreamCell): Position {
  return { epoch: cell.epoch, offset: cell.writtenHead }
}
