import type { ProducerState } from '../rules/producers.ts'
import { producerKey } from './keys.ts'
import { sealRecord, unsealRecord } from './seal.ts'
import type { Batch } from './commits.ts'
import type { Store } from './store.ts'
import type { ProducerVersions, StreamCell } from './stream-cell.ts'

/** Where a producer is, as stored. */
export interface ProducerRecord {
  readonly producerSeq: number
  readonly offset: number
}

/** Producers of one stream kept in memory. */
const MAX_CACHED = 64

/** Whether a producer is in memory, where one that cannot be in the store is put at once. */
export function isProducerLoaded(cell: StreamCell, producerId: string): boolean {
  if (cell.producers.has(producerId)) return true
  if (!cell.holdsAllProducers) return false
  keep(cell, producerId, undefined)
  return true
}

/** Brings a producer into memory; `undefined` when it is there. */
export function loadProducer(store: Store, cell: StreamCell, producerId: string): Promise<void> | undefined {
  return isProducerLoaded(cell, producerId) ? undefined : fetchProducer(store, cell, producerId)
}

async function fetchProducer(store: Store, cell: StreamCell, producerId: string): Promise<void> {
  const key = producerKey(cell.name, producerId)
  const sealed = await store.get(key)
  const state = sealed === undefined ? undefined : stateOf(cell, unsealRecord(key, sealed) as ProducerRecord)
  keep(cell, producerId, state)
}

/** A producer that is further than its record. */
export function foundProducer(cell: StreamCell, found: ProducerRecord): ProducerVersions {
  const state = stateOf(cell, found)
  return { accepted: state, written: state, recorded: undefined }
}

/** Puts a record of each producer that is further than its last one. */
export function putProducers(batch: Batch, cell: StreamCell): void {
  for (const [producerId, versions] of cell.producers) {
    const { accepted, recorded } = versions
    if (accepted === undefined || accepted === recorded) continue
    const key = producerKey(cell.name, producerId)
    const record: ProducerRecord = { producerSeq: accepted.producerSeq, offset: accepted.head.offset }
    batch.put(key, sealRecord(key, record))
    batch.whenWritten(() => {
      versions.recorded = accepted
    })
  }
}

function stateOf(cell: StreamCell, { producerSeq, offset }: ProducerRecord): ProducerState {
  return { producerSeq, head: { epoch: cell.epoch, offset } }
}

function keep(cell: StreamCell, producerId: string, state: ProducerState | undefined): void {
  if (cell.producers.size >= MAX_CACHED) forgetOne(cell)
  cell.producers.set(producerId, { accepted: state, written: state, recorded: state })
}

/** Makes room for another; one whose record does not say where it is must stay. */
function forgetOne(cell: StreamCell): void {
  for (const [producerId, { accepted, recorded }] of cell.producers) {
    if (accepted !== recorded) continue
    cell.producers.delete(producerId)
    cell.holdsAllProducers = false
    return
  }
}
