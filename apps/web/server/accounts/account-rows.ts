import type { Kysely } from 'kysely'
import type { Database } from '../database/database.ts'
import type { Tables } from '../database/tables.ts'

/** What the account library calls a password that is checked here. */
const PROVIDER = 'credential'

export interface NewAccount {
  readonly userId: string
  readonly name: string
  readonly email: string
  readonly passwordHash: string
}

/** Accounts written in the library's shape, as a part of a transaction, which it offers nobody. */
export function accountRows(kind: Database['kind']) {
  const time = (): string | Date => (kind === 'sqlite' ? new Date().toISOString() : new Date())
  const verified = kind === 'sqlite' ? 1 : true

  return {
    /** An account whose address is proven. @throws the database's error when the address or the id is taken */
    async insert(all: Kysely<Tables>, { userId, name, email, passwordHash }: NewAccount): Promise<void> {
      const dates = { createdAt: time(), updatedAt: time() }
      await all
        .insertInto('accounts')
        .values({ id: userId, name, email, emailVerified: verified, ...dates })
        .execute()
      await all
        .insertInto('credentials')
        .values({
          id: crypto.randomUUID(),
          accountId: userId,
          providerId: PROVIDER,
          userId,
          password: passwordHash,
          ...dates,
        })
        .execute()
    },
    /** Another password for somebody who reads the account's mail; whether `before` was still the old one. */
    async replacePassword(
      all: Kysely<Tables>,
      { userId, before, next }: { readonly userId: string; readonly before: string; readonly next: string },
    ): Promise<boolean> {
      const { numUpdatedRows } = await all
        .updateTable('credentials')
        .set({ password: next, updatedAt: time() })
        .where('userId', '=', userId)
        .where('providerId', '=', PROVIDER)
        .where('password', '=', before)
        .executeTakeFirst()
      if (numUpdatedRows === 0n) return false
      await all.updateTable('accounts').set({ emailVerified: verified }).where('id', '=', userId).execute()
      return true
    },
  }
}
