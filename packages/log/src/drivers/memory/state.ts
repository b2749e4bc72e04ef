import { StreamError } from '@throughline/protocol'
import type { RunLease, SessionRecord, StoredEvent, StoredSnapshot, Tombstone } from '../../log-driver.ts'
import type { ProducerState } from '../rules/producers.ts'
import { noSession, sessionEnded } from '../rules/refusals.ts'
import { RunTable } from '../rules/run-table.ts'

/** One stream and all that belongs to it. */
export interface MemoryStream {
  readonly epoch: string
  first: number
  head: number
  /** By offset; compaction leaves gaps. */
  events: StoredEvent[]
  session: SessionRecord
  snapshot: StoredSnapshot | undefined
  readonly producers: Map<string, ProducerState>
  /** Runs that ended; the others are in the table. */
  readonly ended: Map<string, RunLease>
}

/** Everything that a memory driver holds. */
export interface MemoryState {
  readonly streams: Map<string, MemoryStream>
  readonly tombstones: Map<string, Tombstone>
  readonly runs: RunTable
  disposed: boolean
  /** One step: what it throws is the rejection, and nothing can come between. */
  run<T>(step: () => T): Promise<T>
  /** @throws `not_found`, `stream_closed` */
  stream(name: string): MemoryStream
}

export function createMemoryState(): MemoryState {
  const state: MemoryState = {
    streams: new Map(),
    tombstones: new Map(),
    runs: new RunTable(),
    disposed: false,
    // The executor turns what is thrown into a rejection and runs the step in the caller's turn.
    run: (step) =>
      new Promise((resolve) => {
        if (state.disposed) throw new StreamError('server_error', 'The log is closed.')
        resolve(step())
      }),
    stream(name) {
      const stream = state.streams.get(name)
      if (stream !== undefined) return stream
      throw state.tombstones.has(name) ? sessionEnded() : noSession()
    },
  }
  return state
}
