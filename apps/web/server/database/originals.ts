import { StreamError } from '@throughline/protocol'
import type { Possession } from '../accounts/possession.ts'
import type { Database } from './database.ts'

/** A document as it was uploaded. */
export interface Original {
  readonly documentId: string
  readonly name: string
  readonly mediaType: string
  /** In bytes. */
  readonly size: number
  /** ms since 1970. */
  readonly createdAt: number
}

export interface NewOriginal {
  readonly documentId: string
  readonly name: string
  readonly mediaType: string
  readonly bytes: Uint8Array
}

/** Uploaded documents where all nodes of the app find them. */
export interface Originals {
  /** Keeps it, in place of one of the same id. @throws StreamError 413 when it, or all of the user's, is too much */
  put(userId: string, original: NewOriginal): Promise<void>
  get(userId: string, documentId: string): Promise<(Original & { readonly bytes: Uint8Array }) | undefined>
  /** Whether there was one. */
  delete(userId: string, documentId: string): Promise<boolean>
  /** All of a user, oldest first, without their bytes. */
  list(userId: string): Promise<readonly Original[]>
  readonly owned: Possession
}

export interface OriginalsOptions {
  readonly database: Pick<Database, 'query'>
  /** Largest document. Default 32 MiB. */
  readonly maxBytes?: number
  /** All documents of one user. Default 512 MiB. */
  readonly maxUserBytes?: number
  readonly now?: () => number
}

const MIB = 1_048_576

export function createOriginals(options: OriginalsOptions): Originals {
  const { database, maxBytes = 32 * MIB, maxUserBytes = 512 * MIB, now = Date.now } = options
  const { query } = database
  const columns = ['documentId', 'name', 'mediaType', 'size', 'createdAt'] as const

  return {
    put: (userId, { documentId, name, mediaType, bytes }) =>
      query.transaction().execute(async (all) => {
        if (bytes.length > maxBytes) throw tooMuch(`A document has at most ${maxBytes} bytes.`)
        const others = await all
          .selectFrom('originals')
          .select('size')
          .where('userId', '=', userId)
          .where('documentId', '<>', documentId)
          .execute()
        const total = others.reduce((sum, { size }) => sum + size, bytes.length)
        if (total > maxUserBytes)
          throw tooMuch(`Your documents have at most ${maxUserBytes} bytes: remove some.`)
        const row = { name, mediaType, size: bytes.length, bytes, createdAt: now() }
        await all
          .insertInto('originals')
          .values({ userId, documentId, ...row })
          .onConflict((conflict) => conflict.columns(['userId', 'documentId']).doUpdateSet(row))
          .execute()
      }),
    async get(userId, documentId) {
      const row = await query
        .selectFrom('originals')
        .select([...columns, 'bytes'])
        .where('userId', '=', userId)
        .where('documentId', '=', documentId)
        .executeTakeFirst()
      return row && { ...row, bytes: new Uint8Array(row.bytes) }
    },
    async delete(userId, documentId) {
      const { numDeletedRows } = await query
        .deleteFrom('originals')
        .where('userId', '=', userId)
        .where('documentId', '=', documentId)
        .executeTakeFirst()
      return numDeletedRows > 0n
    },
    list: (userId) =>
      query
        .selectFrom('originals')
        .select(columns)
        .where('userId', '=', userId)
        .orderBy('createdAt')
        .orderBy('documentId')
        .execute(),
    owned: {
      name: 'originals',
      async give(from, to) {
        const theirs = query.selectFrom('originals').select('documentId').where('userId', '=', to)
        // Of what both have, one is enough.
        await query
          .deleteFrom('originals')
          .where('userId', '=', from)
          .where('documentId', 'in', theirs)
          .execute()
        await query.updateTable('originals').set({ userId: to }).where('userId', '=', from).execute()
      },
      async remove(userId) {
        await query.deleteFrom('originals').where('userId', '=', userId).execute()
      },
    },
  }
}

function tooMuch(message: string): StreamError {
  return new StreamError('invalid_request', message, { status: 413 })
}
