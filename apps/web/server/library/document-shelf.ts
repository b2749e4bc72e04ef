import type { FileInput, LibraryFile } from '@throughline/agents'

/** Where the library's files are kept and known: of this node alone, or of all that share a database. */
export interface DocumentShelf {
  start(): Promise<void>
  /** What any node was told before this call is known here afterwards. @throws StreamError 503 when that takes long */
  caughtUp(): Promise<void>
  /** Takes over the bytes at `path` and queues the file. */
  add(file: FileInput, path: string): Promise<{ readonly file: LibraryFile; readonly added: boolean }>
  /** Gives up reading the file; one that is read already stays. */
  cancel(id: string, owner: string | null): Promise<void>
  /** Whether there was one. */
  remove(id: string, owner: string | null): Promise<boolean>
  /** Makes all that is `from`'s `to`'s. */
  give(from: string, to: string): Promise<void>
  clear(owner: string): Promise<void>
  close(): Promise<void>
}

/** What the reader of files must know. */
export interface ShelfChange {
  /** Not to be read any more. */
  readonly stopped: readonly string[]
  /** Whether there may be something to read. */
  readonly queued: boolean
}
