import type { Owner } from '../library/document.ts'
import type { FileInput } from '../library/library-file.ts'

/** A file as its owner handed it in. */
export interface OriginalKey {
  /** `null` for what belongs to everybody. */
  readonly owner: Owner
  /** Of the document. */
  readonly id: string
}

/** Where originals are kept, byte for byte, for every node that shares a library. At most 32 MiB each. */
export interface Originals {
  /** Takes over the file at `path`, which is gone from there afterwards. Again for the same key: nothing changes. */
  put(file: FileInput, path: string): Promise<void>
  /** `null` when there is none. */
  get(key: OriginalKey): Promise<Uint8Array | null>
  delete(key: OriginalKey): Promise<void>
  /** Makes all that is one user's another's. */
  give(from: string, to: string): Promise<void>
  /** Removes all of a user. */
  clear(owner: string): Promise<void>
}
