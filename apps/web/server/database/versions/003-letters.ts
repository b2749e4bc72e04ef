import type { Kysely } from 'kysely'
import type { Migration } from 'kysely/migration'

/** Mails that people asked for: those that wait to be sent, and those whose link is still good. */
export const lettersMigration: Migration = {
  async up(db: Kysely<unknown>) {
    await db.schema
      .createTable('letters')
      .addColumn('id', 'text', (column) => column.primaryKey())
      .addColumn('kind', 'text', (column) => column.notNull())
      .addColumn('email', 'text', (column) => column.notNull())
      .addColumn('language', 'text', (column) => column.notNull())
      .addColumn('passwordHash', 'text')
      .addColumn('userId', 'text')
      .addColumn('createdAt', 'bigint', (column) => column.notNull())
      .addColumn('tries', 'integer', (column) => column.notNull())
      .addColumn('dueAt', 'bigint')
      .addColumn('expiresAt', 'bigint')
      .execute()
    for (const column of ['dueAt', 'email', 'userId', 'expiresAt']) {
      await db.schema.createIndex(`letters_${column.toLowerCase()}`).on('letters').column(column).execute()
    }
  },
}
