import { access, cp, mkdir, readdir, rename } from 'node:fs/promises'
import { join } from 'node:path'
import { checkStore, type CheckReport, type Problem } from './check.ts'
import { cannotOpen } from './failures.ts'
import { checkFormat } from './format.ts'
import { renewGeneration } from './generation.ts'
import { identifyFiles, readMark, syncFile, syncFolder, writeMark } from './mark.ts'
import { storeDirectory } from './open.ts'
import { openStore, pages, rebuildStore, type Store, type StoreChange } from './store.ts'
import { changedTables, readSums, tablesOf, updateSums } from './tables.ts'

/** What was copied. */
export interface BackupReport {
  readonly entries: number
}

/** Changes written at a time. */
const WRITE_SIZE = 2_000

/** Looks at everything in the log of a folder that nobody has open. @throws `server_error` when somebody has */
export async function checkLog(directory: string): Promise<CheckReport> {
  const changed = await findChanged(directory)
  // The engine may end the process over a table that is not what it was: it must not see it.
  if (changed.length > 0) return { streams: 0, events: 0, problems: changed.map(changedTable) }
  return withStore(directory, checkStore)
}

/**
 * Makes the log of a folder usable without what is damaged, and begins new epochs, so that no client goes on across
 * what is lost. Files that changed on the disk are put aside in `damaged`. Run it on a copy, or after a backup.
 */
export async function repairLog(directory: string): Promise<CheckReport> {
  const changed = await findChanged(directory)
  const store = storeDirectory(directory)
  if (changed.length > 0) {
    const aside = join(directory, 'damaged')
    await mkdir(aside, { recursive: true })
    for (const name of changed) await rename(join(store, name), join(aside, name))
    await rebuildStore(store)
  }
  const fix = async (opened: Store): Promise<CheckReport> => {
    const found = await checkStore(opened)
    for (const problem of found.problems) await opened.write(problem.fix, { sync: true })
    if (found.problems.length + changed.length > 0) await renewGeneration(opened)
    return { ...found, problems: [...changed.map(changedTable), ...found.problems] }
  }
  // What tells the format may have been in a file that was put aside.
  const report = await withStore(directory, fix, { adopt: changed.length > 0 })
  await updateSums(directory, store)
  return report
}

async function findChanged(directory: string): Promise<string[]> {
  await requireLog(directory)
  const store = storeDirectory(directory)
  return changedTables(store, await readSums(directory), await tablesOf(store))
}

function changedTable(name: string): Problem {
  return { text: `The file ${name} of the store changed on the disk.`, fix: [] }
}

/** Copies a store as it is now into `target`, which must be empty; appends go on meanwhile. */
export async function backupStore(store: Store, target: string): Promise<BackupReport> {
  await makeEmpty(target)
  const frozen = store.freeze()
  const copy = await openStore(storeDirectory(target))
  let entries = 0
  try {
    for await (const page of pages(frozen.entries(EVERYTHING), WRITE_SIZE)) {
      const changes = page.map(([key, value]): StoreChange => ({ type: 'put', key, value }))
      await copy.write(changes, { sync: false })
      entries += changes.length
    }
    await copy.write([{ type: 'put', key: 'probe', value: '' }], { sync: true })
  } finally {
    await frozen.close()
    await copy.close()
  }
  await updateSums(target, storeDirectory(target))
  await syncFiles(storeDirectory(target))
  return { entries }
}

/** Copies the log of a folder that nobody has open. */
export async function backupLog(directory: string, target: string): Promise<BackupReport> {
  if ((await findChanged(directory)).length > 0)
    throw cannotOpen('The log is damaged: repair it, or keep the last backup.')
  return withStore(directory, (store) => backupStore(store, target))
}

/**
 * Puts a backup in place of a log: `directory` must be empty. Every stream begins a new epoch there, so that clients
 * that had seen more join again instead of mixing two histories.
 */
export async function restoreLog(backup: string, directory: string): Promise<CheckReport> {
  if ((await findChanged(backup)).length > 0) {
    throw cannotOpen('The backup is damaged: its files changed on the disk. Use another one.')
  }
  await makeEmpty(directory)
  await cp(storeDirectory(backup), storeDirectory(directory), { recursive: true, errorOnExist: true })
  const report = await withStore(directory, async (store) => {
    await renewGeneration(store)
    return checkStore(store)
  })
  await updateSums(directory, storeDirectory(directory))
  await syncFiles(storeDirectory(directory))
  return report
}

const EVERYTHING = { gte: '', lt: '\u{10ffff}' }

async function withStore<T>(
  directory: string,
  use: (store: Store) => Promise<T>,
  { adopt = false }: { adopt?: boolean } = {},
): Promise<T> {
  await requireLog(directory)
  const files = storeDirectory(directory)
  const [mark, before] = await Promise.all([readMark(directory), identifyFiles(directory, files)])
  const store = await openStore(files)
  try {
    await checkFormat(store, { adopt })
    return await use(store)
  } finally {
    await store.close()
    // Looking is no reason for clients to start over: what vouched for the files goes on to.
    if (mark?.files === before)
      await writeMark(directory, { ...mark, files: await identifyFiles(directory, files) })
  }
}

/** @throws `server_error` unless there is a log: opening would make an empty one */
async function requireLog(directory: string): Promise<void> {
  try {
    await access(join(storeDirectory(directory), 'CURRENT'))
  } catch (error) {
    throw cannotOpen(`There is no log in ${directory}.`, error)
  }
}

async function makeEmpty(directory: string): Promise<void> {
  await mkdir(directory, { recursive: true, mode: 0o700 })
  if ((await readdir(directory)).length > 0)
    throw cannotOpen(`${directory} is not empty: name an empty folder.`)
}

async function syncFiles(folder: string): Promise<void> {
  for (const name of await readdir(folder)) await syncFile(join(folder, name))
  await syncFolder(folder)
}
