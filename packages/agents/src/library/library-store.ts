import { mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import { DatabaseSync, type StatementSync } from 'node:sqlite'
import { numberColumn, optionalTextColumn, textColumn, type Row } from './column.ts'
import type {
  AddedDocument,
  DocumentInput,
  DocumentSummary,
  LibraryDocument,
  Owner,
  Passage,
  PassagePage,
} from './document.ts'
import { checkDocument } from './document-limits.ts'
import { LibraryFault } from './library-fault.ts'
import { prepareDocument, type PreparedDocument, type PreparedPassage } from './prepare.ts'
import { migrate, NOT_A_LIBRARY, PASSAGES_PER_DOCUMENT, transact } from './schema.ts'

const SUMMARY = 'id, owner, source, title, media_type, characters, passages, added_at'

/** SQL for "belongs to one of these owners", with {@link ownerList} as its one parameter. */
const OWNED = `EXISTS (SELECT 1 FROM json_each(?) AS allowed WHERE allowed.value IS documents.owner)`

/** Puts what belongs to them into the table; goes by the owners, so that it costs what they have and not what all have. */
const READABLE_KEYS = `
  INSERT INTO temp.readable SELECT documents.key FROM (SELECT DISTINCT value FROM json_each(?)) AS allowed
  JOIN documents ON documents.owner IS allowed.value`

/** The parameter of {@link OWNED} and {@link READABLE_KEYS}. */
function ownerList(owners: readonly Owner[]): string {
  return JSON.stringify(owners)
}

export interface StoreOptions {
  /** A file, created when missing, or `:memory:`. */
  readonly path: string
  /** The clock, in epoch milliseconds. */
  readonly now: () => number
}

interface Span {
  readonly start: number
  readonly end: number
}

/** Which part of a list. */
export interface Paging {
  readonly after: number
  readonly limit: number
}

/** The library's file. Every method is synchronous; {@link openLibrary} keeps it off the event loop. */
export class LibraryStore {
  readonly database: DatabaseSync
  readonly #now: () => number
  #readable: { readonly key: string; readonly documents: number } | undefined
  readonly #statements = new Map<string, StatementSync>()

  /** @throws LibraryFault when the file is no library or of a newer release. */
  constructor({ path, now }: StoreOptions) {
    this.#now = now
    if (path !== ':memory:') mkdirSync(dirname(path), { recursive: true })
    this.database = new DatabaseSync(path, { enableForeignKeyConstraints: true, timeout: 5_000 })
    try {
      migrate(this.database)
      this.database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL')
    } catch (error) {
      this.database.close()
      throw isForeignFile(error) ? new LibraryFault('conflict', NOT_A_LIBRARY) : error
    }
  }

  /** Adds a document, or recognises that its owner has it already. */
  add(input: DocumentInput): AddedDocument {
    const prepared = this.prepare(input)
    return transact(this.database, () => this.insertPrepared(prepared, null))
  }

  /** Splits and stems a document: most of the work of adding it, and none of it in a transaction. */
  prepare(input: DocumentInput): PreparedDocument {
    checkDocument(input)
    return prepareDocument(input)
  }

  /** {@link add} within the caller's transaction, as a page of `corpus` when one is named. */
  insert(input: DocumentInput, corpus: string | null): AddedDocument {
    return this.insertPrepared(prepareDocument(input), corpus)
  }

  /** {@link insert} for what was prepared before. */
  insertPrepared(prepared: PreparedDocument, corpus: string | null): AddedDocument {
    const { id, owner, source, title, mediaType, text, passages, index } = prepared
    const known = this.statement('SELECT title, passages FROM documents WHERE id = ?').get(id)
    if (known) {
      return {
        id,
        title: textColumn(known, 'title'),
        passages: numberColumn(known, 'passages'),
        added: false,
      }
    }
    const { lastInsertRowid: key } = this.statement(
      `INSERT INTO documents (id, owner, corpus, source, title, media_type, text, characters, passages, added_at)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    ).run(id, owner, corpus, source, title, mediaType, text, text.length, passages.length, this.#now())
    this.statement(
      'INSERT INTO document_index (rowid, title, about, headings, prose, code) VALUES (?, ?, ?, ?, ?, ?)',
    ).run(key, index.title, index.about, index.headings, index.prose, index.code)
    for (const [ordinal, passage] of passages.entries())
      this.#insertPassage(Number(key), ordinal, { title: index.title, passage })
    return { id, title, passages: passages.length, added: true }
  }

  #insertPassage(
    document: number,
    ordinal: number,
    { title, passage }: { title: string; passage: PreparedPassage },
  ): void {
    const id = document * PASSAGES_PER_DOCUMENT + ordinal
    this.statement(
      'INSERT INTO passages (id, document, start, "end", heading, text, page) VALUES (?, ?, ?, ?, ?, ?, ?)',
    ).run(id, document, passage.start, passage.end, passage.heading, passage.text, passage.page ?? null)
    this.statement(
      'INSERT INTO passage_index (rowid, title, heading, prose, code) VALUES (?, ?, ?, ?, ?)',
    ).run(id, title, passage.index.heading, passage.index.prose, passage.index.code)
  }

  /**
   * Puts the keys of what these owners may read into the table `temp.readable`, so that a search need not ask for each
   * match; how many there are. It is filled anew only when the library or the owners changed.
   */
  readable(owners: readonly Owner[]): number {
    const list = ownerList(owners)
    if (this.#readable?.key !== this.#readableKey(list)) {
      this.database.exec(
        'CREATE TEMP TABLE IF NOT EXISTS readable (key INTEGER PRIMARY KEY); DELETE FROM temp.readable',
      )
      const documents = this.statement(READABLE_KEYS).run(list)
      this.#readable = { key: this.#readableKey(list), documents: Number(documents.changes) }
    }
    return this.#readable.documents
  }

  /** Another connection's commits change the version, our own writes the count. */
  #readableKey(list: string): string {
    const version = this.statement('PRAGMA data_version').get()?.['data_version']
    const changes = this.statement('SELECT total_changes() AS changes').get()?.['changes']
    return `${String(version)} ${String(changes)} ${list}`
  }

  /** The document, or `null` when there is none that these owners may read. */
  get(id: string, owners: readonly Owner[]): LibraryDocument | null {
    const row = this.statement(`SELECT ${SUMMARY}, text FROM documents WHERE id = ? AND ${OWNED}`).get(
      id,
      ownerList(owners),
    )
    return row ? { ...summary(row), text: textColumn(row, 'text') } : null
  }

  /** The exact text `[start, end)` with the section it stands in, or `null` when there is no such place. */
  passage(id: string, { start, end }: Span, owners: readonly Owner[]): Passage | null {
    const document = this.get(id, owners)
    const inside = Number.isInteger(start) && Number.isInteger(end) && start >= 0 && start < end
    if (!document || !inside || end > document.text.length) return null
    const row = this.statement(
      `SELECT heading, page FROM passages WHERE document = (SELECT key FROM documents WHERE id = ?) AND start <= ?
       ORDER BY start DESC LIMIT 1`,
    ).get(id, start)
    const heading = row ? textColumn(row, 'heading') : ''
    const text = document.text.slice(start, end)
    const { title, source } = document
    return { documentId: id, title, source, heading, start, end, text, ...pageOf(row) }
  }

  /** The document's passages in their order, `after` of them passed over; `null` when these owners may not read it. */
  passages(id: string, owners: readonly Owner[], { after, limit }: Paging): PassagePage | null {
    const document = this.statement(
      `SELECT key, title, source, passages FROM documents WHERE id = ? AND ${OWNED}`,
    ).get(id, ownerList(owners))
    if (!document) return null
    const rows = this.statement(
      'SELECT start, "end", heading, text, page FROM passages WHERE document = ? ORDER BY id LIMIT ? OFFSET ?',
    ).all(numberColumn(document, 'key'), limit, after)
    const passages = rows.map((row, index) => ({
      documentId: id,
      ordinal: after + index,
      title: textColumn(document, 'title'),
      source: textColumn(document, 'source'),
      heading: textColumn(row, 'heading'),
      start: numberColumn(row, 'start'),
      end: numberColumn(row, 'end'),
      text: textColumn(row, 'text'),
      ...pageOf(row),
    }))
    return { passages, total: numberColumn(document, 'passages') }
  }

  /** The owner's documents by title. */
  list(owner: Owner): readonly DocumentSummary[] {
    const rows = this.statement(
      `SELECT ${SUMMARY} FROM documents WHERE owner IS ? ORDER BY title COLLATE NOCASE, source`,
    ).all(owner)
    return rows.map(summary)
  }

  /** Removes the owner's document; whether there was one. */
  remove(id: string, owner: Owner): boolean {
    return transact(this.database, () => this.eraseOwned(id, owner))
  }

  /** {@link remove} within the caller's transaction. */
  eraseOwned(id: string, owner: Owner): boolean {
    const row = this.statement('SELECT key FROM documents WHERE id = ? AND owner IS ?').get(id, owner)
    if (row) this.erase(numberColumn(row, 'key'))
    return row !== undefined
  }

  /** Deletes one document with its index entries, within the caller's transaction. */
  erase(key: number): void {
    this.statement(
      'DELETE FROM passage_index WHERE rowid IN (SELECT id FROM passages WHERE document = ?)',
    ).run(key)
    this.statement('DELETE FROM document_index WHERE rowid = ?').run(key)
    this.statement('DELETE FROM passages WHERE document = ?').run(key)
    this.statement('DELETE FROM documents WHERE key = ?').run(key)
  }

  /** The prepared statement for `sql`, compiled once; `sql` is always one of the code's own constants. */
  statement(sql: string): StatementSync {
    const known = this.#statements.get(sql)
    if (known) return known
    const statement = this.database.prepare(sql)
    this.#statements.set(sql, statement)
    return statement
  }

  close(): void {
    this.#statements.clear()
    this.database.close()
  }
}

/** The page of a row that names one. */
export function pageOf(row: Row | undefined): { readonly page?: number } {
  return row === undefined || row['page'] === null ? {} : { page: numberColumn(row, 'page') }
}

function summary(row: Row): DocumentSummary {
  return {
    id: textColumn(row, 'id'),
    owner: optionalTextColumn(row, 'owner'),
    source: textColumn(row, 'source'),
    title: textColumn(row, 'title'),
    mediaType: 'text/markdown',
    characters: numberColumn(row, 'characters'),
    passages: numberColumn(row, 'passages'),
    addedAt: numberColumn(row, 'added_at'),
  }
}

/** SQLite's code 26, `SQLITE_NOTADB`. */
function isForeignFile(error: unknown): boolean {
  return error instanceof Error && 'errcode' in error && error.errcode === 26
}
