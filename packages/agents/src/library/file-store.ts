import { numberColumn, optionalTextColumn, textColumn, type Row } from './column.ts'
import type { Owner } from './document.ts'
import {
  FILE_FAULTS,
  FILE_KINDS,
  type FileFaultCode,
  type FileInput,
  type FilePage,
  type FileQuery,
  type FileStatus,
  type FileText,
  type LibraryFile,
  type SharedHoldings,
} from './library-file.ts'
import type { LibraryStore } from './library-store.ts'
import { transact } from './schema.ts'

const DEFAULT_LIMIT = 50
const MAX_LIMIT = 200
/** A file whose reading was cut short so often by the end of the process is not tried again. */
const MAX_ATTEMPTS = 3
const STATUSES: readonly FileStatus[] = ['queued', 'indexing', 'ready', 'failed', 'cancelled']

const SELECT = `
  SELECT files.*, coalesce(documents.title, files.name) AS title, coalesce(documents.passages, 0) AS passages
  FROM files LEFT JOIN documents ON documents.id = files.id`

/** What the library knows of the files handed in, and the queue of those that wait to be read. */
export interface FileStore {
  /** Queues a file. One that is there already stays as it is, unless it failed or was cancelled. */
  add(file: FileInput): { readonly file: LibraryFile; readonly added: boolean }
  get(id: string, owners: readonly Owner[]): LibraryFile | null
  /** The owner's file with this content. */
  find(owner: Owner, content: string): LibraryFile | null
  list(query: FileQuery): FilePage
  /** Files of one owner that wait or are being read. */
  waiting(owner: Owner): number
  /** Puts back what a former process was reading, unless that has ended too many of them. */
  requeue(): void
  /** The oldest waiting file of the owner who was served least lately; it counts as being read now. */
  take(): LibraryFile | null
  progress(id: string, progress: number): void
  /** Makes a file's text a document. Whether it did: a file that was cancelled or removed meanwhile is left alone. */
  index(text: FileText): boolean
  fail(id: string, error: { readonly code: FileFaultCode; readonly message: string }): void
  /** Whether there was something to cancel. */
  cancel(id: string, owner: Owner): boolean
  /** Takes the file away, and its document with its passages; whether there was one. */
  remove(id: string, owner: Owner): boolean
  /** Makes all files of one owner another's; those that the other has already go. Ids of those that went. */
  give(from: string, to: string): readonly string[]
  /** Takes all files of an owner away, with their documents. */
  removeAll(owner: string): void
  shared(): SharedHoldings
}

/** Opens the files of a library. */
export function createFileStore(store: LibraryStore, now: () => number): FileStore {
  const served = new Map<Owner, number>()
  let turn = 0

  const find = (id: string): LibraryFile | null => {
    const row = store.statement(`${SELECT} WHERE files.id = ?`).get(id)
    return row ? fileOf(row) : null
  }
  const queue = (file: FileInput): void => {
    store
      .statement(
        `INSERT INTO files (id, owner, name, kind, bytes, content, status, progress, attempts, added_at)
         VALUES (?, ?, ?, ?, ?, ?, 'queued', 0, 0, ?)
         ON CONFLICT (id) DO UPDATE SET status = 'queued', progress = 0, attempts = 0, error_code = NULL,
           error_message = NULL, name = excluded.name, added_at = excluded.added_at`,
      )
      .run(file.id, file.owner, file.name, file.kind, file.bytes, file.content, now())
  }
  const setStatus = (id: string, owner: Owner, status: FileStatus, from: string): boolean =>
    store
      .statement(
        `UPDATE files SET status = ?, progress = 0 WHERE id = ? AND owner IS ? AND status IN (${from})`,
      )
      .run(status, id, owner).changes > 0

  return {
    add: (file) =>
      transact(store.database, () => {
        const known = find(file.id)
        const again = known?.status === 'failed' || known?.status === 'cancelled'
        if (known === null || again) queue(file)
        return { file: find(file.id) ?? missing(), added: known === null || again }
      }),
    get(id, owners) {
      const file = find(id)
      return file !== null && owners.includes(file.owner) ? file : null
    },
    find(owner, content) {
      const row = store
        .statement(`${SELECT} WHERE files.owner IS ? AND files.content = ?`)
        .get(owner, content)
      return row ? fileOf(row) : null
    },
    list({ owner, search = '', before, limit = DEFAULT_LIMIT }) {
      const like = `%${search.replace(/[\\%_]/g, '\\$&')}%`
      const matching = `files.owner IS ? AND (files.name LIKE ? ESCAPE '\\' OR documents.title LIKE ? ESCAPE '\\')`
      const from = before === undefined ? null : (find(before)?.id ?? null)
      const rows = store
        .statement(
          `${SELECT} WHERE ${matching}
           AND (? IS NULL OR (files.added_at, files.key) < (SELECT added_at, key FROM files WHERE id = ?))
           ORDER BY files.added_at DESC, files.key DESC LIMIT ?`,
        )
        .all(owner, like, like, from, from, Math.min(MAX_LIMIT, Math.max(1, limit)))
      const counted = store
        .statement(
          `SELECT count(*) AS total FROM files LEFT JOIN documents ON documents.id = files.id WHERE ${matching}`,
        )
        .get(owner, like, like)
      return { files: rows.map(fileOf), total: counted ? numberColumn(counted, 'total') : 0 }
    },
    waiting(owner) {
      const row = store
        .statement(
          `SELECT count(*) AS waiting FROM files WHERE owner IS ? AND status IN ('queued', 'indexing')`,
        )
        .get(owner)
      return row ? numberColumn(row, 'waiting') : 0
    },
    requeue() {
      store
        .statement(
          `UPDATE files SET status = 'failed', error_code = 'failed', error_message = ?
           WHERE status = 'indexing' AND attempts >= ?`,
        )
        .run('The server stopped each time it read this file, so it is no longer tried.', MAX_ATTEMPTS)
      store.statement(`UPDATE files SET status = 'queued', progress = 0 WHERE status = 'indexing'`).run()
    },
    take: () =>
      transact(store.database, () => {
        const owners = store
          .statement(`SELECT DISTINCT owner FROM files WHERE status = 'queued'`)
          .all()
          .map((row) => optionalTextColumn(row, 'owner'))
        const [next] = owners.sort((a, b) => (served.get(a) ?? 0) - (served.get(b) ?? 0))
        if (next === undefined) return null
        // Only the order among those who wait now matters.
        if (owners.length === 1) served.clear()
        served.set(next, (turn += 1))
        const row = store
          .statement(
            `UPDATE files SET status = 'indexing', progress = 0, attempts = attempts + 1 WHERE key =
             (SELECT key FROM files WHERE status = 'queued' AND owner IS ? ORDER BY added_at, key LIMIT 1)
             RETURNING id`,
          )
          .get(next)
        return row ? find(textColumn(row, 'id')) : null
      }),
    progress(id, progress) {
      store
        .statement(`UPDATE files SET progress = ? WHERE id = ? AND status = 'indexing'`)
        .run(Math.round(Math.min(99, Math.max(0, progress))), id)
    },
    index({ id, text, title, pageStarts }) {
      const file = find(id)
      if (file === null) return false
      const prepared = store.prepare({
        id,
        owner: file.owner,
        source: file.name,
        mediaType: 'text/markdown',
        text,
        ...(title !== undefined && { title }),
        ...(pageStarts !== undefined && { pageStarts }),
      })
      return transact(store.database, () => {
        if (find(id)?.status !== 'indexing') return false
        store.insertPrepared(prepared, null)
        store
          .statement(`UPDATE files SET status = 'ready', progress = 100, pages = ? WHERE id = ?`)
          .run(pageStarts?.length ?? null, id)
        return true
      })
    },
    fail(id, { code, message }) {
      store
        .statement(
          `UPDATE files SET status = 'failed', error_code = ?, error_message = ? WHERE id = ? AND status = 'indexing'`,
        )
        .run(code, message, id)
    },
    cancel: (id, owner) => setStatus(id, owner, 'cancelled', `'queued', 'indexing'`),
    remove: (id, owner) =>
      transact(store.database, () => {
        const removed = store.statement('DELETE FROM files WHERE id = ? AND owner IS ?').run(id, owner)
        return store.eraseOwned(id, owner) || removed.changes > 0
      }),
    give: (from, to) =>
      transact(store.database, () => {
        const doubled = store
          .statement(
            `SELECT id FROM files WHERE owner = ? AND content IN (SELECT content FROM files WHERE owner = ?)`,
          )
          .all(from, to)
          .map((row) => textColumn(row, 'id'))
        for (const id of doubled) {
          store.statement('DELETE FROM files WHERE id = ?').run(id)
          store.eraseOwned(id, from)
        }
        store.statement('UPDATE files SET owner = ? WHERE owner = ?').run(to, from)
        store.statement('UPDATE documents SET owner = ? WHERE owner = ?').run(to, from)
        return doubled
      }),
    removeAll(owner) {
      transact(store.database, () => {
        store.statement('DELETE FROM files WHERE owner = ?').run(owner)
        const rows = store.statement('SELECT key FROM documents WHERE owner = ?').all(owner)
        for (const row of rows) store.erase(numberColumn(row, 'key'))
      })
    },
    shared() {
      const row = store
        .statement(
          'SELECT count(*) AS documents, coalesce(sum(passages), 0) AS passages FROM documents WHERE owner IS NULL',
        )
        .get()
      return {
        documents: row ? numberColumn(row, 'documents') : 0,
        passages: row ? numberColumn(row, 'passages') : 0,
      }
    },
  }
}

function fileOf(row: Row): LibraryFile {
  const code = optionalTextColumn(row, 'error_code')
  return {
    id: textColumn(row, 'id'),
    owner: optionalTextColumn(row, 'owner'),
    name: textColumn(row, 'name'),
    title: textColumn(row, 'title'),
    kind: oneOf(FILE_KINDS, textColumn(row, 'kind'), 'text'),
    bytes: numberColumn(row, 'bytes'),
    ...(row['pages'] !== null && { pages: numberColumn(row, 'pages') }),
    passages: numberColumn(row, 'passages'),
    addedAt: numberColumn(row, 'added_at'),
    status: oneOf(STATUSES, textColumn(row, 'status'), 'failed'),
    progress: numberColumn(row, 'progress'),
    ...(code !== null && {
      error: {
        code: oneOf(FILE_FAULTS, code, 'failed'),
        message: optionalTextColumn(row, 'error_message') ?? '',
      },
    }),
  }
}

function oneOf<const T extends string>(words: readonly T[], value: string, otherwise: T): T {
  return words.find((word) => word === value) ?? otherwise
}

function missing(): never {
  throw new TypeError('A file that was just written is not there')
}
