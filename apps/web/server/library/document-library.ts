import { createHash } from 'node:crypto'
import { join } from 'node:path'
import {
  createFileReader,
  createFolderOriginals,
  createIndexer,
  HEAD_BYTES,
  INTAKE_LIMITS,
  IntakeFault,
  sniffKind,
  type FileKind,
  type Library,
  type LibraryFile,
} from '@throughline/agents'
import { StreamError } from '@throughline/protocol'
import type { Logger } from '@throughline/server'
import type { Possession } from '../accounts/possession.ts'
import type { ShelfChange } from './document-shelf.ts'
import { createLocalShelf } from './local-shelf.ts'
import { createSharedShelf, type SharedShelfOptions } from './shared-shelf.ts'
import { spool, tooLarge } from './spool.ts'

export interface DocumentLibraryOptions {
  readonly library: Library
  readonly dataDir: string
  readonly logger: Logger
  /** Where all nodes keep the files, and the log that tells of them. Default: a folder of the data directory. */
  readonly shared?: Pick<SharedShelfOptions, 'originals' | 'log' | 'timers'>
}

/** A file on its way in. */
export interface Upload {
  /** `null` for everybody's. */
  readonly owner: string | null
  readonly name: string
  readonly body: AsyncIterable<Uint8Array>
  /** As the sender announced them. */
  readonly announcedBytes: number
}

/** The documents that people add: taken in, read off the event loop, cancelled and removed. */
export interface DocumentLibrary {
  readonly library: Library
  /** Begins to follow what other nodes do. */
  start(): Promise<void>
  /** Before the library is asked what there is: other nodes may have changed it. @throws StreamError 503 */
  caughtUp(): Promise<void>
  /** `added` is false for what the owner has already. @throws StreamError 400, 413, 415, 429, 503 */
  add(upload: Upload): Promise<{ readonly file: LibraryFile; readonly added: boolean }>
  /** Whether there is such a file; one that is read already stays. */
  cancel(id: string, owner: string | null): Promise<boolean>
  remove(id: string, owner: string | null): Promise<boolean>
  /** What becomes of a user's documents when the user is no longer, or becomes another. */
  readonly owned: Possession
  close(): Promise<void>
}

/** Files of one owner that may wait or be read at once, */
const MAX_WAITING = 5_000
/** that they may have in all, */
const MAX_FILES = 20_000
/** and uploads under way, of one owner and of all. */
const MAX_UPLOADS_EACH = 8
const MAX_UPLOADS = 32
const IDLE_MS = 30_000
const ID_CHARACTERS = 24

/** Opens the way in; what waited when the server went down is read first. */
export function createDocumentLibrary(options: DocumentLibraryOptions): DocumentLibrary {
  const { library, dataDir, logger, shared } = options
  const { files } = library
  const directory = join(dataDir, 'originals')
  const originals = shared?.originals ?? createFolderOriginals(directory)
  const onError = (err: unknown, context: string): void => {
    logger.error({ err }, context)
  }
  const reader = createFileReader({
    onFault: (code, detail) => {
      logger.info({ code, detail }, 'a file could not be read')
    },
  })
  const indexer = createIndexer({ library, originals, reader, onError })
  const onChange = ({ stopped, queued }: ShelfChange): void => {
    for (const id of stopped) indexer.drop(id)
    if (queued) indexer.wake()
  }
  const shelf = shared
    ? createSharedShelf({ ...shared, files, onChange, onError })
    : createLocalShelf({ files, originals, onChange })
  const uploads = new Map<string | null, number>()

  const requireRoom = async (owner: string | null): Promise<void> => {
    const all = [...uploads.values()].reduce((sum, count) => sum + count, 0)
    if ((uploads.get(owner) ?? 0) >= MAX_UPLOADS_EACH || all >= MAX_UPLOADS) throw busy(429, 1_000)
    if ((await files.waiting(owner)) >= MAX_WAITING) throw busy(429, 10_000)
    const { total } = await files.list({ owner, limit: 1 })
    if (total >= MAX_FILES) {
      throw new StreamError('conflict', `The library is full: ${String(MAX_FILES)} files. Remove some first.`)
    }
  }

  const take = async ({ owner, name, body }: Upload) => {
    let kind: FileKind | undefined
    const spooled = await spool(body, {
      directory: join(directory, 'incoming'),
      maxBytes: INTAKE_LIMITS.fileBytes,
      idleMs: IDLE_MS,
      headBytes: HEAD_BYTES,
      judge: (head) => {
        const sniffed = sniffKind(head, name)
        if ('fault' in sniffed) throw refused(sniffed.fault)
        kind = sniffed.kind
      },
    })
    try {
      await shelf.caughtUp()
      const known = await files.find(owner, spooled.sha256)
      if (known !== null && known.status !== 'failed' && known.status !== 'cancelled') {
        return { file: known, added: false }
      }
      const id = known?.id ?? idOf(owner, spooled.sha256)
      const { bytes, sha256: content } = spooled
      return await shelf.add({ id, owner, name, kind: kind ?? 'text', bytes, content }, spooled.path)
    } finally {
      await spooled.discard()
    }
  }

  return {
    library,
    start: shelf.start,
    caughtUp: shelf.caughtUp,
    async add(upload) {
      if (upload.announcedBytes > INTAKE_LIMITS.fileBytes) throw tooLarge(INTAKE_LIMITS.fileBytes)
      const { owner } = upload
      await requireRoom(owner)
      uploads.set(owner, (uploads.get(owner) ?? 0) + 1)
      try {
        return await take(upload)
      } finally {
        const left = (uploads.get(owner) ?? 1) - 1
        if (left === 0) uploads.delete(owner)
        else uploads.set(owner, left)
      }
    },
    async cancel(id, owner) {
      await shelf.caughtUp()
      if ((await files.get(id, [owner])) === null) return false
      await shelf.cancel(id, owner)
      return true
    },
    remove: shelf.remove,
    owned: {
      name: 'documents',
      give: shelf.give,
      remove: shelf.clear,
    },
    async close() {
      await shelf.close()
      await indexer.close()
    },
  }
}

/** The same for the same owner and content, and not to be guessed from another owner's. */
function idOf(owner: string | null, sha256: string): string {
  return createHash('sha256')
    .update(JSON.stringify([owner, sha256]))
    .digest('hex')
    .slice(0, ID_CHARACTERS)
}

function refused(code: 'empty' | 'unsupported' | 'encrypted'): StreamError {
  const status = code === 'empty' ? 400 : 415
  return new StreamError('invalid_request', new IntakeFault(code).message, { status })
}

function busy(status: number, retryAfterMs: number): StreamError {
  return new StreamError('rate_limited', 'Too many files at once: let some be read first.', {
    status,
    retryAfterMs,
  })
}
