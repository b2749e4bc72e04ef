import { open, readFile, stat, type FileHandle } from 'node:fs/promises'
import { join } from 'node:path'
import type { Machine } from './machine.ts'

/** What is noted beside the store, so that the next open can tell whether it is the same store and all of it. */
export interface Mark extends Machine {
  /** Everything is on the disk and nobody writes. */
  readonly clean: boolean
  /** Acknowledged commits were forced to the disk. */
  readonly synced: boolean
  /** Which files these are: another directory, or files copied back into this one, differ. */
  readonly files: string
  /** At least this many commits were made. */
  readonly commit: number
}

const NAME = 'mark.json'

/** Longer than any mark: it is overwritten in place, and so always in one piece. */
const LENGTH = 1_024

/** The mark that the last writer left; `undefined` when there is none that can be read. */
export async function readMark(directory: string): Promise<Mark | undefined> {
  try {
    const mark: unknown = JSON.parse(await readFile(join(directory, NAME), 'utf8'))
    return isMark(mark) ? mark : undefined
  } catch {
    // Missing or torn: either way nothing vouches for the store.
    return undefined
  }
}

/**
 * Which files the store consists of; `''` when there are none yet. The engine renews `CURRENT` at each open, and no copy
 * keeps the time of its inode. The device is left out: a restart may number the same disk differently.
 */
export async function identifyFiles(directory: string, store: string): Promise<string> {
  try {
    const [folder, current] = await Promise.all([
      stat(directory, { bigint: true }),
      stat(join(store, 'CURRENT'), { bigint: true }),
    ])
    return [folder.ino, current.ino, current.ctimeNs].join('.')
  } catch {
    return ''
  }
}

/** Replaces the mark of a store that nobody has open. */
export async function writeMark(directory: string, mark: Mark): Promise<void> {
  await (await MarkFile.create(directory, mark)).close()
}

/** The place of the mark while the store is open. */
export class MarkFile {
  readonly #file: FileHandle
  #mark: Mark
  #writing: Promise<void> = Promise.resolve()

  private constructor(file: FileHandle, mark: Mark) {
    this.#file = file
    this.#mark = mark
  }

  /** Writes `mark` and forces it to the disk: before the first commit, for it says that there may be some. */
  static async create(directory: string, mark: Mark): Promise<MarkFile> {
    const file = await open(join(directory, NAME), 'w')
    const marks = new MarkFile(file, mark)
    await marks.write({}, { sync: true })
    await syncFolder(directory)
    return marks
  }

  write(change: Partial<Mark>, { sync = false } = {}): Promise<void> {
    this.#mark = { ...this.#mark, ...change }
    const text = JSON.stringify(this.#mark).padEnd(LENGTH - 1) + '\n'
    this.#writing = this.#writing.then(async () => {
      await this.#file.write(text, 0)
      if (sync) await this.#file.datasync()
    })
    return this.#writing
  }

  close(): Promise<void> {
    return this.#file.close()
  }
}

/** Forces a file to the disk. */
export async function syncFile(path: string): Promise<void> {
  const file = await open(path, 'r')
  try {
    await file.datasync()
  } finally {
    await file.close()
  }
}

/** Forces the names in a folder to the disk, where the system can. */
export async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r').catch(() => undefined)
  if (folder === undefined) return
  // Windows can neither open nor sync a folder, and does not need to.
  await folder.sync().catch(() => undefined)
  await folder.close()
}

function isMark(value: unknown): value is Mark {
  if (typeof value !== 'object' || value === null) return false
  const mark = value as Partial<Record<keyof Mark, unknown>>
  return (
    typeof mark.clean === 'boolean' &&
    typeof mark.synced === 'boolean' &&
    typeof mark.files === 'string' &&
    typeof mark.commit === 'number' &&
    typeof mark.machineId === 'string' &&
    typeof mark.bootId === 'string'
  )
}
