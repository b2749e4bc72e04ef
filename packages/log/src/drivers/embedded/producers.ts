import type { ProducerState } from '../rules/producers.ts'
import { producerKey } from './keys.ts'
import { sealRecord, unsealRecord } from './seal.ts'
import type { Batch } from './commits.ts'
import type { Store } from './store.ts'
import type { StreamCell } from './stream-cell.ts'

interface ProducerRecord {
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

/** Puts where a producer is now. */
export function putProducer(batch: Batch, cell: StreamCell, producerId: string, state: ProducerState): void {
  const key = producerKey(cell.name, producerId)
  const record: ProducerRecord = { producerSeq: state.producerSeq, offset: state.head.offset }
  batch.put(key, sealRecord(key, record))
}

function stateOf(cell: StreamCell, { producerSeq, offset }: ProducerRecord): ProducerState {
  return { producerSeq, head: { epoch: cell.epoch, offset } }
}

function keep(cell: StreamCell, producerId: string, state: ProducerState | undefined): void {
  if (cell.producers.size >= MAX_CACHED) forgetOne(cell)
  cell.producers.set(producerId, { accepted: state, written: state })
}

/** Makes room for another; one whose write is under way must stay. */
function forgetOne(cell: StreamCell): void {
  for (const [producerId, { accepted, written }] of cell.producers) {
    if (accepted !== written) continue
    cell.producers.delete(producerId)
    cell.holdsAllProducers = false
    return
  }
}
