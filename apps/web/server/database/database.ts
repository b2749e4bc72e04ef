import type { Kysely } from 'kysely'
import type { Tables } from './tables.ts'

/** SQL that all nodes of the app share: a file on one machine, Postgres on many. */
export interface Database {
  readonly kind: 'sqlite' | 'postgres'
  readonly query: Kysely<Tables>
  close(): Promise<void>
}
