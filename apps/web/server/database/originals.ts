import { readFile, rm, stat } from 'node:fs/promises'
import {
  FILE_KINDS,
  type AgreedFile,
  type FileScope,
  type OriginalKey,
  type Originals,
} from '@throughline/agents'
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

/** Uploaded files with what all nodes are to know of them. */
export interface DatabaseOriginals extends Originals {
  /** Says that the file is not to be read. */
  cancel(key: OriginalKey): Promise<void>
  /** The files of a scope that there are, by id, at most `limit`. Default: all. */
  describe(scope: FileScope, limit?: number): Promise<readonly AgreedFile[]>
}

const MIB = 1_048_576

/** Uploaded files where all nodes of the app find them. */
export function createDatabaseOriginals(options: DatabaseOriginalsOptions): DatabaseOriginals {
  const { database, maxBytes = 32 * MIB, maxOwnerBytes = 1_024 * MIB, now = Date.now } = options
  const { query } = database
  const one = ({ owner, id }: OriginalKey) => ({ userId: owner ?? '', documentId: id })

  return {
    async put(file, path) {
      if ((await stat(path)).size > maxBytes) throw tooMuch(`A file has at most ${maxBytes} bytes.`)
      const bytes = await readFile(path)
      const { userId, documentId } = one(file)
      const { name, kind, content } = file
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
          .values({
            ...{ userId, documentId, size: bytes.length, bytes },
            ...{ name, kind, content, createdAt: now(), cancelled: 0 },
          })
          // The bytes are the same; that they come again is worth knowing.
          .onConflict((conflict) =>
            conflict.columns(['userId', 'documentId']).doUpdateSet((row) => ({
              name: row.ref('excluded.name'),
              kind: row.ref('excluded.kind'),
              content: row.ref('excluded.content'),
              createdAt: row.ref('excluded.createdAt'),
              cancelled: row.ref('excluded.cancelled'),
            })),
          )
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
        const theirs = all.selectFrom('originals').where('userId', '=', to)
        // Of what both have, one is enough.
        await all
          .deleteFrom('originals')
          .where('userId', '=', from)
          .where(({ eb, or }) =>
            or([
              eb('documentId', 'in', theirs.select('documentId')),
              eb('content', 'in', theirs.select('content').where('content', '<>', '')),
            ]),
          )
          .execute()
        await all.updateTable('originals').set({ userId: to }).where('userId', '=', from).execute()
      })
    },
    async clear(owner) {
      await query.deleteFrom('originals').where('userId', '=', owner).execute()
    },
    async cancel(key) {
      const { userId, documentId } = one(key)
      await query
        .updateTable('originals')
        .set({ cancelled: 1 })
        .where('userId', '=', userId)
        .where('documentId', '=', documentId)
        .execute()
    },
    async describe(scope, limit) {
      if ('ids' in scope && scope.ids.length === 0) return []
      const described = query
        .selectFrom('originals')
        .select(['userId', 'documentId', 'size', 'name', 'kind', 'content', 'createdAt', 'cancelled'])
        .where('content', '<>', '')
        .orderBy('documentId')
      const scoped =
        'ids' in scope
          ? described.where('documentId', 'in', scope.ids)
          : 'owner' in scope
            ? described.where('userId', '=', scope.owner ?? '')
            : described
                .where('documentId', '>', scope.after)
                .$if(scope.through !== null, (all) => all.where('documentId', '<=', scope.through))
      const rows = await scoped.$if(limit !== undefined, (all) => all.limit(limit ?? 0)).execute()
      return rows.map((row) => ({
        id: row.documentId,
        owner: row.userId === '' ? null : row.userId,
        name: row.name,
        kind: FILE_KINDS.find((kind) => kind === row.kind) ?? 'text',
        bytes: row.size,
        content: row.content,
        addedAt: row.createdAt,
        cancelled: row.cancelled === 1,
      }))
    },
  }
}

function tooMuch(message: string): StreamError {
  return new StreamError('invalid_request', message, { status: 413 })
}
