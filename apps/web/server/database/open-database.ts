import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { Kysely, type Dialect } from 'kysely'
import type { Logger } from '@throughline/server'
import type { Database } from './database.ts'
import { migrate } from './migrations.ts'
import { openPostgres } from './postgres.ts'
import { openSqlite } from './sqlite.ts'
import type { Tables } from './tables.ts'

export interface OpenDatabaseOptions {
  /** Where the file is, unless there is a `url`. */
  readonly dataDir: string
  /** `DATABASE_URL`: a Postgres that all nodes share. */
  readonly url?: string | undefined
  readonly logger: Logger
}

/** Opens the app's database and brings its tables to this release. @throws StreamError when they are of a newer one */
export async function openDatabase(options: OpenDatabaseOptions): Promise<Database> {
  const { dataDir, url, logger } = options
  if (url === undefined) {
    await mkdir(dataDir, { recursive: true, mode: 0o700 })
    return prepare('sqlite', openSqlite(join(dataDir, 'accounts.db')))
  }
  const onError = (error: unknown): void => logger.error({ err: error }, 'a connection to the database broke')
  return prepare('postgres', openPostgres(url, { onError }))
}

async function prepare(kind: Database['kind'], dialect: Dialect): Promise<Database> {
  const query = new Kysely<Tables>({ dialect })
  const database: Database = {
    kind,
    query,
    close: () => query.destroy(),
  }
  try {
    await migrate(database)
    return database
  } catch (error) {
    await database.close()
    throw error
  }
}
