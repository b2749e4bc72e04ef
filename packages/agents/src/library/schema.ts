import type { DatabaseSync } from 'node:sqlite'
import { LibraryFault } from './library-fault.ts'

/** `TLLB`, so that no other application's file is taken for a library. */
const APPLICATION_ID = 0x54_4c_4c_42

/** Said of a file that some other program wrote. */
export const NOT_A_LIBRARY =
  'This file is not a document library. Choose another path, or move the file away.'

/**
 * A passage's id is its document's key, shifted by this, and its ordinal: a search can then tell whose a match is
 * without looking the passage up, which halves its cost.
 */
export const PASSAGE_BITS = 24
export const PASSAGES_PER_DOCUMENT = 2 ** PASSAGE_BITS

/** Each step takes the file from version `index` to `index + 1`. Steps already released are never edited. */
const MIGRATIONS: readonly string[] = [
  `
  CREATE TABLE corpora (
    name TEXT PRIMARY KEY,
    fingerprint TEXT NOT NULL,
    documents INTEGER NOT NULL,
    passages INTEGER NOT NULL
  ) STRICT;
  CREATE TABLE documents (
    key INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    owner TEXT,
    corpus TEXT,
    source TEXT NOT NULL,
    title TEXT NOT NULL,
    media_type TEXT NOT NULL,
    text TEXT NOT NULL,
    characters INTEGER NOT NULL,
    passages INTEGER NOT NULL,
    added_at INTEGER NOT NULL
  ) STRICT;
  CREATE INDEX documents_by_owner ON documents (owner, title);
  CREATE INDEX documents_by_corpus ON documents (corpus) WHERE corpus IS NOT NULL;
  CREATE TABLE passages (
    id INTEGER PRIMARY KEY,
    document INTEGER NOT NULL REFERENCES documents (key),
    start INTEGER NOT NULL,
    "end" INTEGER NOT NULL,
    heading TEXT NOT NULL,
    text TEXT NOT NULL
  ) STRICT;
  CREATE INDEX passages_by_document ON passages (document, start);
  CREATE VIRTUAL TABLE passage_index USING fts5 (
    title, heading, prose, code, content = '', contentless_delete = 1, tokenize = 'porter unicode61'
  );
  CREATE VIRTUAL TABLE document_index USING fts5 (
    title, about, headings, prose, code, content = '', contentless_delete = 1, tokenize = 'porter unicode61'
  );
  `,
  `
  ALTER TABLE passages ADD COLUMN page INTEGER;
  CREATE TABLE files (
    key INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    owner TEXT,
    name TEXT NOT NULL,
    kind TEXT NOT NULL,
    bytes INTEGER NOT NULL,
    pages INTEGER,
    status TEXT NOT NULL,
    progress INTEGER NOT NULL,
    attempts INTEGER NOT NULL,
    error_code TEXT,
    error_message TEXT,
    added_at INTEGER NOT NULL
  ) STRICT;
  CREATE INDEX files_by_owner ON files (owner, added_at DESC, key DESC);
  CREATE INDEX files_waiting ON files (owner, added_at, key) WHERE status IN ('queued', 'indexing');
  `,
  `
  ALTER TABLE files ADD COLUMN content TEXT NOT NULL DEFAULT '';
  CREATE INDEX files_by_content ON files (owner, content);
  `,
  `
  CREATE TABLE followed (key INTEGER PRIMARY KEY CHECK (key = 1), place TEXT NOT NULL) STRICT;
  `,
]

/** The version of the file format that this code writes. */
export const SCHEMA_VERSION = MIGRATIONS.length

/**
 * Brings a library file to {@link SCHEMA_VERSION} in one transaction, so that two processes may open it at once.
 * @throws LibraryFault with a message for the operator when the file is another application's or a newer release's.
 */
export function migrate(database: DatabaseSync): void {
  transact(database, () => {
    const version = checkedVersion(database)
    for (const step of MIGRATIONS.slice(version)) database.exec(step)
    database.exec(
      `PRAGMA application_id = ${String(APPLICATION_ID)}; PRAGMA user_version = ${String(SCHEMA_VERSION)}`,
    )
  })
}

function checkedVersion(database: DatabaseSync): number {
  const version = pragma(database, 'user_version')
  const application = pragma(database, 'application_id')
  const tables = database.prepare('SELECT count(*) AS tables FROM sqlite_schema').get()?.['tables']
  const empty = version === 0 && application === 0 && tables === 0
  if (!empty && application !== APPLICATION_ID) {
    throw new LibraryFault('conflict', NOT_A_LIBRARY)
  }
  if (version > SCHEMA_VERSION) {
    throw new LibraryFault(
      'conflict',
      `The document library has format ${String(version)}, this release reads up to ${String(SCHEMA_VERSION)}. ` +
        'Install the release that wrote it, or move the file away and add the documents again.',
    )
  }
  return version
}

/** Runs `work` in one write transaction; a throw undoes all of it. */
export function transact<T>(database: DatabaseSync, work: () => T): T {
  database.exec('BEGIN IMMEDIATE')
  try {
    const result = work()
    database.exec('COMMIT')
    return result
  } catch (error) {
    if (database.isTransaction) database.exec('ROLLBACK')
    throw error
  }
}

function pragma(database: DatabaseSync, name: string): number {
  const value = database.prepare(`PRAGMA ${name}`).get()?.[name]
  return typeof value === 'number' ? value : 0
}
