import { ClassicLevel, type Snapshot } from 'classic-level'
import { cannotOpen, logClosed, storageFailed } from './failures.ts'
import type { KeyRange } from './keys.ts'

/** One change of a write; a write is all of its changes or none. */
export type StoreChange =
  | { readonly type: 'put'; readonly key: string; readonly value: string }
  | { readonly type: 'del'; readonly key: string }

export interface ScanOptions {
  readonly reverse?: boolean
  readonly limit?: number
  /** Bytes fetched at a time. Default 256 KiB. */
  readonly chunkBytes?: number
}

/** Walks over a range as it was when the walk began. It must be closed. */
export interface Scan<T> {
  /** Up to `size` more; none at the end. */
  next(size: number): Promise<T[]>
  close(): Promise<void>
}

export interface StoreReader {
  get(key: string): Promise<string | undefined>
  /** What is seen is fixed when this returns, not when it is first read. */
  values(range: KeyRange, options?: ScanOptions): Scan<string>
  entries(range: KeyRange, options?: ScanOptions): Scan<[string, string]>
}

/** The storage engine as the driver uses it: ordered text keys, atomic writes, nothing on the event loop. */
export interface Store extends StoreReader {
  /** The store as it is now, whatever is written later. It must be closed. */
  freeze(): StoreReader & { close(): Promise<void> }
  write(changes: readonly StoreChange[], options: { sync: boolean }): Promise<void>
  /** Removes a range; not in one step. */
  clear(range: KeyRange): Promise<void>
  close(): Promise<void>
}

/** Measured: below, one call with an array is cheaper; above, one call for each change. */
const CHAINED_FROM = 24

const CHUNK_BYTES = 262_144

/**
 * Four times the engine's own, with tables and blocks four times as large: the engine orders and packs what was written
 * anew less often, which is half of what an event costs (docs/decisions/2026-11-23-performance.md). `COMMIT_RING` has to
 * reach over two write buffers.
 */
const SIZES = {
  writeBufferSize: 16 * 1024 * 1024,
  maxFileSize: 8 * 1024 * 1024,
  blockSize: 16 * 1024,
}

/** Opens the engine over `directory`. @throws `server_error` with one line that says why it cannot */
export async function openStore(directory: string): Promise<Store> {
  const db = new ClassicLevel<string, string>(directory, {
    keyEncoding: 'utf8',
    valueEncoding: 'utf8',
    ...SIZES,
  })
  try {
    await db.open()
  } catch (error) {
    throw openFailure(error)
  }
  return {
    ...reader(db),
    freeze() {
      const snapshot = asFailure(() => db.snapshot())
      return { ...reader(db, { snapshot }), close: () => snapshot.close() }
    },
    write: (changes, options) => guarded(() => write(db, changes, options)),
    clear: (range) => guarded(() => db.clear(range)),
    close: () => db.close(),
  }
}

/** Everything of a scan, page by page; it is closed at the end, however that comes. */
export async function* pages<T>(scan: Scan<T>, size: number): AsyncGenerator<T[], void, undefined> {
  try {
    for (let page = await scan.next(size); page.length > 0; page = await scan.next(size)) yield page
  } finally {
    await scan.close()
  }
}

function reader(db: ClassicLevel, at: { snapshot?: Snapshot } = {}): StoreReader {
  return {
    get: (key) => guarded(() => db.get(key, at)),
    values: (range, options = {}) => scan(() => db.values({ ...scanOptions(range, options), ...at })),
    entries: (range, options = {}) => scan(() => db.iterator({ ...scanOptions(range, options), ...at })),
  }
}

/** Puts together a store from what tables and journals are there. */
export async function rebuildStore(directory: string): Promise<void> {
  await guarded(() => ClassicLevel.repair(directory))
}

interface NativeScan<T> {
  nextv(size: number): Promise<T[]>
  close(): Promise<void>
}

function scan<T>(begin: () => NativeScan<T>): Scan<T> {
  const native = asFailure(begin)
  return {
    next: (size) => guarded(() => native.nextv(size)),
    async close() {
      // A closed iterator keeps its last page until it is collected, and its size is hidden from the collector: one
      // more entry takes the page's place, or a log that is much read grows the process by hundreds of megabytes.
      await native.nextv(1).catch(() => [])
      await native.close()
    },
  }
}

function scanOptions(
  { gte, lt }: KeyRange,
  { reverse = false, limit = -1, chunkBytes = CHUNK_BYTES }: ScanOptions,
): { gte: string; lt: string; reverse: boolean; limit: number; highWaterMarkBytes: number } {
  return { gte, lt, reverse, limit, highWaterMarkBytes: chunkBytes }
}

async function write(
  db: ClassicLevel,
  changes: readonly StoreChange[],
  options: { sync: boolean },
): Promise<void> {
  if (changes.length < CHAINED_FROM) {
    await db.batch([...changes], options)
    return
  }
  const batch = db.batch()
  for (const change of changes) {
    if (change.type === 'put') batch.put(change.key, change.value)
    else batch.del(change.key)
  }
  await batch.write(options)
}

async function guarded<T>(call: () => Promise<T>): Promise<T> {
  try {
    return await call()
  } catch (error) {
    throw failureOf(error)
  }
}

function asFailure<T>(call: () => T): T {
  try {
    return call()
  } catch (error) {
    throw failureOf(error)
  }
}

/** What the engine says stays in `cause`: its texts name files. */
function failureOf(error: unknown): Error {
  const code = codeOf(error)
  const closed = code === 'LEVEL_DATABASE_NOT_OPEN' || code === 'LEVEL_ITERATOR_NOT_OPEN'
  return closed ? logClosed() : storageFailed(error)
}

function openFailure(error: unknown): Error {
  const cause = error instanceof Error && error.cause !== undefined ? error.cause : error
  switch (codeOf(cause)) {
    case 'LEVEL_LOCKED':
      return cannotOpen(
        'Another Throughline is using this data directory: stop it, or choose another DATA_DIR.',
        error,
      )
    case 'LEVEL_CORRUPTION':
      return cannotOpen(
        'The log in this data directory is damaged: restore a backup, or choose another DATA_DIR.',
        error,
      )
    default:
      return cannotOpen(
        'The log in this data directory cannot be opened: see that it may be read and written.',
        error,
      )
  }
}

function codeOf(error: unknown): unknown {
  return typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined
}
