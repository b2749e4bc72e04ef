import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { silentLogger } from '@throughline/server'
import { afterAll, afterEach, beforeAll, describe } from 'vitest'
import type { Database } from '../database.ts'
import { openDatabase } from '../open-database.ts'
import { startPostgres, type PostgresServer } from './postgres-server.ts'

export interface TestDatabases {
  /** A database with nothing in it. */
  open(): Promise<Database>
  /** The database opened last, once more: another node, or the same after a restart. */
  again(): Promise<Database>
}

/** Runs the same tests on a file and on a real Postgres. */
export function eachDatabase(name: string, define: (databases: TestDatabases) => void): void {
  describe.each(['sqlite', 'postgres'] as const)(`${name} (%s)`, (kind) => {
    const opened: Database[] = []
    const folders: string[] = []
    let server: PostgresServer | undefined
    let last: { readonly dataDir: string; readonly url?: string } = { dataDir: '' }
    const again = async (): Promise<Database> => {
      const database = await openDatabase({ ...last, logger: silentLogger })
      opened.push(database)
      return database
    }
    beforeAll(async () => {
      if (kind === 'postgres') server = await startPostgres()
    }, 60_000)
    afterEach(async () => {
      await Promise.all(opened.splice(0).map((database) => database.close()))
    })
    afterAll(async () => {
      await server?.close()
      await Promise.all(folders.map((folder) => rm(folder, { recursive: true, force: true })))
    })
    define({
      again,
      async open() {
        const dataDir = await mkdtemp(join(tmpdir(), 'throughline-database-'))
        folders.push(dataDir)
        last = server === undefined ? { dataDir } : { dataDir, url: await server.createDatabase() }
        return again()
      },
    })
  })
}
