import { open, readdir, readFile, rename, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { crc32 } from 'node:zlib'

/**
 * Checksums of the engine's tables, kept beside the store. The engine never changes a table and does not check it when
 * it reads: a flipped bit would lose keys without a word, or end the process. So whole files are compared instead.
 */
export interface TableSums {
  readonly [name: string]: number
}

const NAME = 'tables.json'
const TABLE = /^[0-9]+\.ldb$/
const CHUNK_BYTES = 262_144

/** The checksums on record; none when they cannot be read. */
export async function readSums(directory: string): Promise<TableSums> {
  try {
    const sums: unknown = JSON.parse(await readFile(join(directory, NAME), 'utf8'))
    return isSums(sums) ? sums : {}
  } catch {
    return {}
  }
}

/**
 * Adds what is new to the checksums on record and drops what is gone. While the store is open, its newest tables may
 * still be being written: those that changed after `settledBefore` (ms since 1970) are left for another time.
 */
export async function updateSums(directory: string, store: string, settledBefore = Infinity): Promise<void> {
  const known = await readSums(directory)
  const names = await tablesOf(store)
  if (names.length === Object.keys(known).length && names.every((name) => name in known)) return
  const sums: Record<string, number> = {}
  for (const name of names) {
    const path = join(store, name)
    const isSettled = name in known || (await changedAt(path)) < settledBefore
    const sum = known[name] ?? (isSettled ? await sumOf(path) : undefined)
    if (sum !== undefined) sums[name] = sum
  }
  const draft = join(directory, `${NAME}.new`)
  await writeFile(draft, JSON.stringify(sums))
  await rename(draft, join(directory, NAME))
}

/** Tables to compare now, and those for which there is no time before the store is opened. */
export interface TablesToCheck {
  readonly now: readonly string[]
  readonly later: readonly string[]
}

/** Divides the tables: as many as `maxBytes` hold are compared before the store is opened. */
export async function planTables(store: string, maxBytes: number): Promise<TablesToCheck> {
  const [now, later]: [string[], string[]] = [[], []]
  let bytes = 0
  for (const name of await tablesOf(store)) {
    bytes += await sizeOf(join(store, name))
    if (bytes <= maxBytes) now.push(name)
    else later.push(name)
  }
  return { now, later }
}

/** The names among `names` of tables that are not what they were. A table that the engine removed is none. */
export async function changedTables(
  store: string,
  sums: TableSums,
  names: readonly string[],
): Promise<string[]> {
  const changed: string[] = []
  for (const name of names) {
    const expected = sums[name]
    if (expected === undefined) continue
    const sum = await sumOf(join(store, name))
    if (sum !== undefined && sum !== expected) changed.push(name)
  }
  return changed
}

/** Every table of a store. */
export async function tablesOf(store: string): Promise<string[]> {
  const names = await readdir(store).catch((): string[] => [])
  return names.filter((name) => TABLE.test(name)).sort()
}

async function sumOf(path: string): Promise<number | undefined> {
  const file = await open(path, 'r').catch(() => undefined)
  if (file === undefined) return undefined
  try {
    const chunk = Buffer.allocUnsafe(CHUNK_BYTES)
    let sum = 0
    for (;;) {
      const { bytesRead } = await file.read(chunk, 0, CHUNK_BYTES)
      if (bytesRead === 0) return sum
      sum = crc32(chunk.subarray(0, bytesRead), sum)
    }
  } finally {
    await file.close()
  }
}

async function changedAt(path: string): Promise<number> {
  return stat(path).then(
    ({ mtimeMs }) => mtimeMs,
    () => Infinity,
  )
}

async function sizeOf(path: string): Promise<number> {
  return stat(path).then(
    ({ size }) => size,
    () => 0,
  )
}

function isSums(value: unknown): value is TableSums {
  return (
    typeof value === 'object' &&
    value !== null &&
    Object.values(value).every((sum) => typeof sum === 'number')
  )
}
