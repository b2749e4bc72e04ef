import { createHash } from 'node:crypto'
import type { Position } from '@throughline/protocol'
import type { SessionRecord, StoredSnapshot, Tombstone } from '../../log-driver.ts'
import type { Extent } from '../rules/places.ts'
import type { ProducerState } from '../rules/producers.ts'
import { sealPlace } from './seal.ts'

/** Something accepted and something written; the same when nothing is under way. */
export interface Versions<T> {
  accepted: T
  written: T
}

/** Where a producer is. */
export interface ProducerVersions extends Versions<ProducerState | undefined> {
  /** What its record in the store says: a producer that is further is found in the events behind the stream's record. */
  recorded: ProducerState | undefined
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
  readonly producers: Map<string, ProducerVersions>
  /** The stream was begun by this process, and no producer was forgotten: the store has none that is not here. */
  holdsAllProducers: boolean
  /** Where the snapshot stands; `null` when there is none, `undefined` when that is not known. */
  snapshot: Pick<StoredSnapshot, 'position' | 'reducerVersion'> | null | undefined
}

const EPOCH_LENGTH = 10

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

/** Where readers are told that the stream ends. */
export function writtenHead(cell: StreamCell): Position {
  return { epoch: cell.epoch, offset: cell.writtenHead }
}
