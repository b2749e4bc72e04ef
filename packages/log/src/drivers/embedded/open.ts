import { mkdir, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { RunTable } from '../rules/run-table.ts'
import { checkCommits } from './commit-ring.ts'
import { cannotOpen } from './failures.ts'
import { checkFormat } from './format.ts'
import {
  loadGeneration,
  newGenerationReason,
  renewGeneration,
  type NewGenerationReason,
} from './generation.ts'
import { thisMachine, type Machine } from './machine.ts'
import { identifyFiles, MarkFile, readMark, syncFile, syncFolder } from './mark.ts'
import { loadRuns } from './runs.ts'
import { openStore, type Store } from './store.ts'
import { changedTables, planTables, readSums, updateSums } from './tables.ts'

export interface OpenLogOptions {
  readonly directory: string
  readonly sync: boolean
  readonly machine?: Machine
  readonly wrapStore?: (store: Store) => Store
}

/** A store that is open, checked and marked. */
export interface OpenLog {
  readonly store: Store
  readonly runs: RunTable
  readonly marks: MarkFile
  readonly generation: string
  readonly renewed: NewGenerationReason | undefined
  readonly lastCommit: number
  /** Tables that are still to be compared with their checksums. */
  readonly uncheckedTables: readonly string[]
}

/** Bytes of tables compared with their checksums before the store is opened: about a second. */
const CHECKED_FIRST_BYTES = 1024 ** 3

/** Where the engine's files are, within the log's directory. */
export function storeDirectory(directory: string): string {
  return join(directory, 'store')
}

/** Opens the log in `directory`, which is created when it is missing. @throws `server_error` with one line */
export async function openLog(options: OpenLogOptions): Promise<OpenLog> {
  const { directory, wrapStore = keepStore } = options
  const files = storeDirectory(directory)
  try {
    await mkdir(files, { recursive: true, mode: 0o700 })
  } catch (error) {
    throw cannotOpen('The data directory cannot be created: see that it may be written.', error)
  }
  const [mark, before, machine, later] = await Promise.all([
    readMark(directory),
    identifyFiles(directory, files),
    options.machine ?? thisMachine(),
    checkTables(directory, files),
  ])
  const store = wrapStore(await openStore(files))
  try {
    await checkFormat(store)
    const lastCommit = await checkCommits(store)
    const found = await loadGeneration(store)
    const reason = newGenerationReason({ mark, machine, files: before, commit: lastCommit })
    const renewed = reason ?? (found === undefined ? 'unmarked' : undefined)
    const generation = renewed === undefined && found !== undefined ? found : await renewGeneration(store)
    const runs = new RunTable()
    await loadRuns(store, runs)
    const marks = await MarkFile.create(directory, {
      ...machine,
      clean: false,
      synced: options.sync,
      files: await identifyFiles(directory, files),
      commit: lastCommit,
    })
    return { store, runs, marks, generation, renewed, lastCommit, uncheckedTables: later }
  } catch (error) {
    await store.close()
    throw error
  }
}

function keepStore(store: Store): Store {
  return store
}

/** Compares what can be compared at once; returns the rest. @throws `server_error` when a table changed */
async function checkTables(directory: string, store: string): Promise<readonly string[]> {
  const { now, later } = await planTables(store, CHECKED_FIRST_BYTES)
  const changed = await changedTables(store, await readSums(directory), now)
  if (changed.length === 0) return later
  throw cannotOpen(
    `The log is damaged: ${String(changed.length)} of its files changed on the disk. Restore a backup, or repair it.`,
  )
}

/** Closes the store and, when all of it was written, says so for the next open. */
export async function closeLog(
  directory: string,
  { store, marks }: Pick<OpenLog, 'store' | 'marks'>,
  { clean, commit }: { clean: boolean; commit: number },
): Promise<void> {
  await store.close()
  if (clean) {
    const files = storeDirectory(directory)
    // The engine forces its tables to the disk, but not its journals.
    for (const name of await readdir(files)) {
      if (name.endsWith('.log')) await syncFile(join(files, name))
    }
    await syncFolder(files)
    await updateSums(directory, files)
    await marks.write({ clean: true, commit }, { sync: true })
  }
  await marks.close()
}
