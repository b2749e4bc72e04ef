import type { RunTable } from '../rules/run-table.ts'
import type { Commits } from './commits.ts'
import type { Store } from './store.ts'
import type { Streams } from './streams.ts'
import type { Sweeper } from './sweeper.ts'

/** What the parts of an embedded driver share. */
export interface EmbeddedContext {
  readonly store: Store
  readonly commits: Commits
  readonly streams: Streams
  readonly runs: RunTable
  readonly sweeper: Sweeper
  /** Part of every epoch. */
  readonly generation: string
  /** Passes a reading on; when storage fails in it, the driver has failed. */
  watch<T>(reading: Promise<T>): Promise<T>
}
