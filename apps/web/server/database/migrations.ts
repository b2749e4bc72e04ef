import { DEFAULT_MIGRATION_TABLE, Migrator, type Migration } from 'kysely/migration'
import { StreamError } from '@throughline/protocol'
import type { Database } from './database.ts'
import { accountsMigration } from './versions/001-accounts.ts'
import { sharedDocumentsMigration } from './versions/002-shared-documents.ts'
import { lettersMigration } from './versions/003-letters.ts'

/** Every version of the tables, in order. A version that was released is never changed, only followed by another. */
function versions(kind: Database['kind']): Readonly<Record<string, Migration>> {
  return {
    '001-accounts': accountsMigration(kind),
    '002-shared-documents': sharedDocumentsMigration,
    '003-letters': lettersMigration,
  }
}

/**
 * Brings the tables to this release; nodes that start together take turns.
 * @throws StreamError when the tables are of a newer release
 */
export async function migrate({ kind, query }: Pick<Database, 'kind' | 'query'>): Promise<void> {
  const migrations = versions(kind)
  const newer = (await applied(query)).filter((name) => !(name in migrations))
  if (newer.length > 0) {
    throw new StreamError(
      'server_error',
      `The accounts database is of a newer release (${newer.join(', ')}): start that one, or restore a backup.`,
    )
  }
  const provider = { getMigrations: () => Promise.resolve({ ...migrations }) }
  const { error } = await new Migrator({ db: query, provider }).migrateToLatest()
  if (error !== undefined) {
    throw new Error('The accounts database could not be brought up to date.', { cause: error })
  }
}

async function applied(query: Database['query']): Promise<readonly string[]> {
  const tables = await query.introspection.getTables({ withInternalKyselyTables: true })
  if (!tables.some(({ name }) => name === DEFAULT_MIGRATION_TABLE)) return []
  const internal = query.$extendTables<Record<typeof DEFAULT_MIGRATION_TABLE, { readonly name: string }>>()
  const rows = await internal.selectFrom(DEFAULT_MIGRATION_TABLE).select('name').execute()
  return rows.map(({ name }) => name)
}
