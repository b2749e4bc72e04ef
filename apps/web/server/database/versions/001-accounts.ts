import type { Kysely } from 'kysely'
import type { Migration } from 'kysely/migration'
import type { Database } from '../database.ts'

/** Accounts and credentials in the account library's shape, and what users own beside their sessions. */
export function accountsMigration(kind: Database['kind']): Migration {
  const sqlite = kind === 'sqlite'
  const date = sqlite ? 'text' : 'timestamptz'
  const yesOrNo = sqlite ? 'integer' : 'boolean'
  const bytes = sqlite ? 'blob' : 'bytea'
  return {
    async up(db: Kysely<unknown>) {
      await db.schema
        .createTable('accounts')
        .addColumn('id', 'text', (column) => column.primaryKey())
        .addColumn('name', 'text', (column) => column.notNull())
        .addColumn('email', 'text', (column) => column.notNull().unique())
        .addColumn('emailVerified', yesOrNo, (column) => column.notNull())
        .addColumn('image', 'text')
        .addColumn('createdAt', date, (column) => column.notNull())
        .addColumn('updatedAt', date, (column) => column.notNull())
        .execute()
      await db.schema
        .createTable('credentials')
        .addColumn('id', 'text', (column) => column.primaryKey())
        .addColumn('accountId', 'text', (column) => column.notNull())
        .addColumn('providerId', 'text', (column) => column.notNull())
        .addColumn('userId', 'text', (column) =>
          column.notNull().references('accounts.id').onDelete('cascade'),
        )
        .addColumn('accessToken', 'text')
        .addColumn('refreshToken', 'text')
        .addColumn('idToken', 'text')
        .addColumn('accessTokenExpiresAt', date)
        .addColumn('refreshTokenExpiresAt', date)
        .addColumn('scope', 'text')
        .addColumn('password', 'text')
        .addColumn('createdAt', date, (column) => column.notNull())
        .addColumn('updatedAt', date, (column) => column.notNull())
        .execute()
      await db.schema.createIndex('credentials_user').on('credentials').column('userId').execute()
      await db.schema
        .createTable('estates')
        .addColumn('userId', 'text', (column) => column.primaryKey())
        .addColumn('heir', 'text')
        .addColumn('createdAt', 'bigint', (column) => column.notNull())
        .execute()
      await db.schema
        .createTable('shares')
        .addColumn('id', 'text', (column) => column.primaryKey())
        .addColumn('sessionId', 'text', (column) => column.notNull())
        .addColumn('userId', 'text', (column) => column.notNull())
        .addColumn('secretHash', 'text', (column) => column.notNull())
        .addColumn('createdAt', 'bigint', (column) => column.notNull())
        .addColumn('expiresAt', 'bigint')
        .execute()
      await db.schema.createIndex('shares_session').on('shares').columns(['userId', 'sessionId']).execute()
      await db.schema
        .createTable('settings')
        .addColumn('userId', 'text', (column) => column.primaryKey())
        .addColumn('preferences', 'text', (column) => column.notNull())
        .addColumn('provider', 'text')
        .addColumn('sealedKey', 'text')
        .addColumn('updatedAt', 'bigint', (column) => column.notNull())
        .execute()
      await db.schema
        .createTable('originals')
        .addColumn('userId', 'text', (column) => column.notNull())
        .addColumn('documentId', 'text', (column) => column.notNull())
        .addColumn('size', 'bigint', (column) => column.notNull())
        .addColumn('bytes', bytes, (column) => column.notNull())
        .addColumn('createdAt', 'bigint', (column) => column.notNull())
        .addPrimaryKeyConstraint('originals_key', ['userId', 'documentId'])
        .execute()
    },
  }
}
