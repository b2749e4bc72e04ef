import { widenRing } from './commit-ring.ts'
import { cannotOpen } from './failures.ts'
import { FORMAT, FORMAT_KEY } from './keys.ts'
import type { Store } from './store.ts'

/** Brings a store of version n to n + 1, however often it is begun. */
export type Migration = (store: Store) => Promise<void>

/** By the version they start from. There was none before 1. */
export const MIGRATIONS: Readonly<Record<number, Migration>> = {
  1: widenRing,
  // Each producer has a record that is up to date; events that say more come from here on, which 2 could not read.
  2: () => Promise.resolve(),
  // Every event is a group of its own; from here on a value may hold several, which 3 could not read.
  3: () => Promise.resolve(),
}

export interface FormatOptions {
  readonly current?: number
  readonly migrations?: typeof MIGRATIONS
  /** Takes a store that does not tell its format for one of this. */
  readonly adopt?: boolean
}

/**
 * Sees that the store is of this version; an empty one becomes so, an older one is migrated, step by step.
 * @throws `server_error` with one line for a newer one, or for something else altogether
 */
export async function checkFormat(
  store: Store,
  { current = FORMAT, migrations = MIGRATIONS, adopt = false }: FormatOptions = {},
): Promise<void> {
  let format = await readFormat(store)
  if (format === undefined) {
    if (!adopt && !(await isEmpty(store))) {
      throw cannotOpen(
        'This data directory holds something else than a Throughline log: choose another DATA_DIR.',
      )
    }
    await writeFormat(store, current)
    return
  }
  if (format > current) {
    throw cannotOpen(
      `The log in this data directory is of format ${String(format)}, this version reads ${String(current)}: upgrade Throughline.`,
    )
  }
  for (; format < current; format += 1) {
    const migrate = migrations[format]
    if (migrate === undefined) {
      throw cannotOpen(
        `A log of format ${String(format)} cannot be brought up to date: restore a newer backup.`,
      )
    }
    await migrate(store)
    await writeFormat(store, format + 1)
  }
}

async function readFormat(store: Store): Promise<number | undefined> {
  const text = await store.get(FORMAT_KEY)
  if (text === undefined) return undefined
  const format = Number(text)
  if (!Number.isSafeInteger(format) || format < 1) {
    throw cannotOpen('The format of the log in this data directory cannot be told: restore a backup.')
  }
  return format
}

function writeFormat(store: Store, format: number): Promise<void> {
  return store.write([{ type: 'put', key: FORMAT_KEY, value: String(format) }], { sync: true })
}

async function isEmpty(store: Store): Promise<boolean> {
  const scan = store.entries({ gte: '', lt: '\u{10ffff}' }, { limit: 1 })
  try {
    return (await scan.next(1)).length === 0
  } finally {
    await scan.close()
  }
}
