import type { Kysely } from 'kysely'
import type { Migration } from 'kysely/migration'

/** An uploaded file says what it is, so that every node can make a document of it. */
export const sharedDocumentsMigration: Migration = {
  async up(db: Kysely<unknown>) {
    for (const name of ['name', 'kind', 'content']) {
      await db.schema
        .alterTable('originals')
        .addColumn(name, 'text', (column) => column.notNull().defaultTo(''))
        .execute()
    }
    await db.schema
      .alterTable('originals')
      .addColumn('cancelled', 'integer', (column) => column.notNull().defaultTo(0))
      .execute()
    await db.schema.createIndex('originals_document').on('originals').column('documentId').execute()
  },
}
