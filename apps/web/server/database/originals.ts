import { readFile, rm, stat } from 'node:fs/promises'
import type { Originals, OriginalKey } from '@throughline/agents'
import { StreamError } from '@throughline/protocol'
import type { Database } from './database.ts'

export interface DatabaseOriginalsOptions {
  readonly database: Pick<Database, 'query'>
  /** Largest file. Default 32 MiB. */
  readonly maxBytes?: number
  /** All files of one owner. Default 1 GiB. */
  readonly maxOwnerBytes?: number
  readonly now?: () => number
}

const MIB = 1_048_576

/** Uploaded files where all nodes of the app find them. */
export function createDatabaseOriginals(options: DatabaseOriginalsOptions): Originals {
  const { database, maxBytes = 32 * MIB, maxOwnerBytes = 1_024 * MIB, now = Date.now } = options
  const { query } = database
  const one = ({ owner, id }: OriginalKey) => ({ userId: owner ?? '', documentId: id })

  return {
    async put(key, path) {
      if ((await stat(path)).size > maxBytes) throw tooMuch(`A file has at most ${maxBytes} bytes.`)
      const bytes = await readFile(path)
      const { userId, documentId } = one(key)
      await query.transaction().execute(async (all) => {
        const { held } = await all
          .selectFrom('originals')
          .select(({ fn }) => fn.sum<number | string | null>('size').as('held'))
          .where('userId', '=', userId)
          .executeTakeFirstOrThrow()
        if (Number(held ?? 0) + bytes.length > maxOwnerBytes) {
          throw tooMuch(`Your files have at most ${maxOwnerBytes} bytes in all: remove some.`)
        }
        await all
          .insertInto('originals')
          .values({ userId, documentId, size: bytes.length, bytes, createdAt: now() })
          .onConflict((conflict) => conflict.columns(['userId', 'documentId']).doNothing())
          .execute()
      })
      await rm(path, { force: true })
    },
    async get(key) {
      const { userId, documentId } = one(key)
      const row = await query
        .selectFrom('originals')
        .select('bytes')
        .where('userId', '=', userId)
        .where('documentId', '=', documentId)
        .executeTakeFirst()
      return row === undefined ? null : new Uint8Array(row.bytes)
    },
    async delete(key) {
      const { userId, documentId } = one(key)
      await query
        .deleteFrom('originals')
        .where('userId', '=', userId)
        .where('documentId', '=', documentId)
        .execute()
    },
    async give(from, to) {
      await query.transaction().execute(async (all) => {
        const theirs = all.selectFrom('originals').select('documentId').where('userId', '=', to)
        // Of what both have, one is enough.
        await all
          .deleteFrom('originals')
          .where('userId', '=', from)
          .where('documentId', 'in', theirs)
          .execute()
        await all.updateTable('originals').set({ userId: to }).where('userId', '=', from).execute()
      })
    },
    async clear(owner) {
      await query.deleteFrom('originals').where('userId', '=', owner).execute()
    },
  }
}

function tooMuch(message: string): StreamError {
  return new StreamError('invalid_request', message, { status: 413 })
}
