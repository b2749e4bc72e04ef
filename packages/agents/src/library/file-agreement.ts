import { numberColumn, optionalTextColumn, textColumn } from './column.ts'
import type { Owner } from './document.ts'
import type { FileInput } from './library-file.ts'
import type { LibraryStore } from './library-store.ts'
import { transact } from './schema.ts'

/** A file as all nodes that share a library know it. */
export interface AgreedFile extends FileInput {
  /** Later than before: handed in again. Epoch milliseconds. */
  readonly addedAt: number
  readonly cancelled: boolean
}

/** Which files: these, an owner's, or those whose ids come after one, up to another (`null`: all that follow). */
export type FileScope =
  | { readonly ids: readonly string[] }
  | { readonly owner: Owner }
  | { readonly after: string; readonly through: string | null }

/** What a node's library is to hold of the shared one. */
export interface FileAgreement {
  readonly scope: FileScope
  /** All files of the scope that there are. */
  readonly files: readonly AgreedFile[]
  /** Kept along with it: how far the node has followed the changes. */
  readonly place?: string
}

/** What changed by an agreement. */
export interface Agreed {
  /** Files that are not to be read any more. */
  readonly stopped: readonly string[]
  /** Whether there may be something to read. */
  readonly queued: boolean
}

/** Makes a library hold what others hold: again with the same, nothing happens. */
export interface FileAgreements {
  agree(agreement: FileAgreement): Agreed
  /** The last `place`; `null` in a library that is new. */
  place(): string | null
}

export function createFileAgreements(store: LibraryStore): FileAgreements {
  const held = (scope: FileScope): readonly string[] => {
    if ('ids' in scope) return scope.ids
    const rows =
      'owner' in scope
        ? store.statement('SELECT id FROM files WHERE owner IS ?').all(scope.owner)
        : store
            .statement('SELECT id FROM files WHERE id > ?1 AND (?2 IS NULL OR id <= ?2)')
            .all(scope.after, scope.through)
    return rows.map((row) => textColumn(row, 'id'))
  }
  const eraseDocument = (id: string): void => {
    const row = store.statement('SELECT key FROM documents WHERE id = ?').get(id)
    if (row) store.erase(numberColumn(row, 'key'))
  }
  const put = (file: AgreedFile, status: 'queued' | 'cancelled'): void => {
    store
      .statement(
        `INSERT INTO files (id, owner, name, kind, bytes, content, status, progress, attempts, added_at)
         VALUES (?, ?, ?, ?, ?, ?, ?, 0, 0, ?)
         ON CONFLICT (id) DO UPDATE SET owner = excluded.owner, name = excluded.name, status = excluded.status,
           progress = 0, attempts = 0, error_code = NULL, error_message = NULL, added_at = excluded.added_at`,
      )
      .run(file.id, file.owner, file.name, file.kind, file.bytes, file.content, status, file.addedAt)
  }

  /** What is now to be done for the file. */
  const match = (file: AgreedFile): 'nothing' | 'read' | 'stop' => {
    const row = store
      .statement('SELECT owner, status, added_at, error_code FROM files WHERE id = ?')
      .get(file.id)
    const status = row ? textColumn(row, 'status') : undefined
    if (file.cancelled) {
      if (status === 'cancelled') return 'nothing'
      eraseDocument(file.id)
      put(file, 'cancelled')
      return 'stop'
    }
    const known = row && {
      moved: optionalTextColumn(row, 'owner') !== file.owner,
      again: numberColumn(row, 'added_at') !== file.addedAt,
      missing: optionalTextColumn(row, 'error_code') === 'missing',
    }
    const read =
      known === undefined ||
      status === 'cancelled' ||
      (status === 'failed' && (known.again || known.missing)) ||
      // Its original is found under its owner alone.
      (status !== 'ready' && status !== 'failed' && known.moved)
    if (read) {
      put(file, 'queued')
      return 'read'
    }
    store
      .statement('UPDATE files SET owner = ?, name = ?, added_at = ? WHERE id = ?')
      .run(file.owner, file.name, file.addedAt, file.id)
    store.statement('UPDATE documents SET owner = ? WHERE id = ?').run(file.owner, file.id)
    return 'nothing'
  }

  return {
    agree: ({ scope, files, place }) =>
      transact(store.database, () => {
        const kept = new Set(files.map(({ id }) => id))
        const stopped = held(scope).filter((id) => !kept.has(id))
        for (const id of stopped) {
          // Only what was a file: other documents have other keepers.
          if (store.statement('DELETE FROM files WHERE id = ?').run(id).changes > 0) eraseDocument(id)
        }
        let queued = false
        for (const file of files) {
          const next = match(file)
          if (next === 'stop') stopped.push(file.id)
          if (next === 'read') queued = true
        }
        if (place !== undefined) {
          store.statement('INSERT OR REPLACE INTO followed (key, place) VALUES (1, ?)').run(place)
        }
        return { stopped, queued }
      }),
    place() {
      const row = store.statement('SELECT place FROM followed').get()
      return row ? textColumn(row, 'place') : null
    },
  }
}
