import { access, chmod, copyFile, readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { backup, DatabaseSync } from 'node:sqlite'

/** What a data directory holds beside the log: SQLite files (accounts, library, …) and the development secret. */
const DATABASE = /^[a-z][a-z-]*\.db$/
const SECRET = 'secret'

/** Pages copied in one step, so that a writer elsewhere cannot make the copy begin again and again. */
const PAGES = 1_000_000

/** The databases in a data directory, by name. */
export async function databasesIn(directory: string): Promise<string[]> {
  const names = await readdir(directory).catch((): string[] => [])
  return names.filter((name) => DATABASE.test(name)).sort()
}

/** Copies the databases, each as it is at one moment, and the secret; answers their names. Others may be writing. */
export async function copyFiles(from: string, to: string): Promise<string[]> {
  const names = await databasesIn(from)
  for (const name of names) {
    const database = new DatabaseSync(join(from, name), { readOnly: true, timeout: 5_000 })
    try {
      await backup(database, join(to, name), { rate: PAGES })
    } finally {
      database.close()
    }
    asOneFile(join(to, name))
    await chmod(join(to, name), 0o600)
  }
  if (!(await exists(join(from, SECRET)))) return names
  await copyFile(join(from, SECRET), join(to, SECRET))
  await chmod(join(to, SECRET), 0o600)
  return [...names, SECRET]
}

/** Without a journal beside it, so that it can be read where nothing may be written. */
function asOneFile(path: string): void {
  const copy = new DatabaseSync(path)
  copy.exec('PRAGMA journal_mode = DELETE')
  copy.close()
}

/** What is wrong with the databases; nothing when all is well. */
export async function checkDatabases(directory: string): Promise<string[]> {
  const problems: string[] = []
  for (const name of await databasesIn(directory)) {
    try {
      const database = new DatabaseSync(join(directory, name), { readOnly: true, timeout: 5_000 })
      try {
        const [first] = database.prepare('PRAGMA quick_check(1)').all()
        if (first?.['quick_check'] !== 'ok') problems.push(`The database ${name} is damaged.`)
      } finally {
        database.close()
      }
    } catch {
      problems.push(`The database ${name} cannot be read.`)
    }
  }
  return problems
}

/** Whether there is something of this name. */
export async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  )
}

/** Whether this is a folder that holds nothing, or nothing at all. */
export async function isFree(path: string): Promise<boolean> {
  if (!(await exists(path))) return true
  return (await stat(path)).isDirectory() && (await readdir(path)).length === 0
}
