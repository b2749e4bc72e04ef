import type { LibraryFile } from '../library/library-file.ts'
import type { Library } from '../library/open-library.ts'
import type { FileReader } from './file-reader.ts'
import { IntakeFault } from './intake-fault.ts'
import type { Originals } from './originals.ts'

export interface IndexerOptions {
  readonly library: Pick<Library, 'files'>
  readonly originals: Originals
  readonly reader: FileReader
  readonly onError?: (error: unknown, context: string) => void
}

/** Reads the files that wait, one after the other, and makes them documents. */
export interface Indexer {
  /** There may be something to read. */
  wake(): void
  /** Gives up the file if it is the one being read. */
  drop(id: string): void
  /** Stops; what was being read waits for the next start. */
  close(): Promise<void>
}

/** What reading a file is of the whole; the rest is indexing. */
const READING = 90
/** Least change of progress that is written down. */
const PROGRESS_STEP = 5

/** Starts with what a former process left. */
export function createIndexer(options: IndexerOptions): Indexer {
  const { library, originals, reader, onError = () => undefined } = options
  const { files } = library
  const closing = new AbortController()
  let current: { readonly id: string; readonly abort: AbortController } | undefined
  let woken = true
  let wakeUp: () => void = () => undefined

  const work = async (): Promise<void> => {
    await files.requeue()
    while (!closing.signal.aborted) {
      woken = false
      const file = await files.take()
      if (file !== null) await take(file)
      else if (!isWoken()) await new Promise<void>((resolve) => (wakeUp = resolve))
    }
  }
  const isWoken = (): boolean => woken || closing.signal.aborted

  const take = async (file: LibraryFile): Promise<void> => {
    const abort = new AbortController()
    current = { id: file.id, abort }
    const signal = AbortSignal.any([closing.signal, abort.signal])
    try {
      await read(file, signal)
    } catch (error) {
      // Who aborted has said what becomes of the file.
      if (!signal.aborted) await fail(file, error)
    } finally {
      current = undefined
    }
  }

  const read = async (file: LibraryFile, signal: AbortSignal): Promise<void> => {
    const bytes = await originals.get(file)
    if (bytes === null) throw new IntakeFault('missing')
    let told = 0
    const onProgress = (share: number): void => {
      const progress = share * READING
      if (progress - told < PROGRESS_STEP) return
      told = progress
      files.progress(file.id, progress).catch((error: unknown) => {
        onError(error, 'telling the progress of a file')
      })
    }
    const text = await reader.read({ kind: file.kind, bytes }, { signal, onProgress })
    await files.index({ id: file.id, ...text })
  }

  const fail = async (file: LibraryFile, error: unknown): Promise<void> => {
    const fault = error instanceof IntakeFault ? error : new IntakeFault('failed', { cause: error })
    if (fault !== error) onError(error, `reading file ${file.id}`)
    await files.fail(file.id, fault)
  }

  const working = work().catch((error: unknown) => {
    if (!closing.signal.aborted) onError(error, 'the indexer stopped')
  })

  return {
    wake() {
      woken = true
      wakeUp()
    },
    drop(id) {
      if (current?.id === id) current.abort.abort()
    },
    async close() {
      closing.abort()
      wakeUp()
      reader.close()
      await working
    },
  }
}
