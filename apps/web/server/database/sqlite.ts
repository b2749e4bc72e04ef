import { DatabaseSync, type SQLInputValue } from 'node:sqlite'
import { SqliteDialect, type Dialect, type SqliteDatabase } from 'kysely'

/** Kysely on Node's own SQLite. */
export function openSqlite(path: string): Dialect {
  const database = new DatabaseSync(path, { enableForeignKeyConstraints: true, timeout: 5_000 })
  if (path !== ':memory:') database.exec('PRAGMA journal_mode = WAL')
  // What was acknowledged survives a power cut: accounts are written seldom and missed much.
  database.exec('PRAGMA synchronous = FULL')
  return new SqliteDialect({ database: adapt(database) })
}

/** Node's statements take parameters one by one and tell a reader by its columns. */
function adapt(database: DatabaseSync): SqliteDatabase {
  return {
    close: () => database.close(),
    prepare(sql) {
      const statement = database.prepare(sql)
      const values = (parameters: readonly unknown[]) => parameters as readonly SQLInputValue[]
      return {
        reader: statement.columns().length > 0,
        all: (parameters) => statement.all(...values(parameters)),
        run: (parameters) => statement.run(...values(parameters)),
        iterate: (parameters) => statement.iterate(...values(parameters)),
      }
    },
  }
}
