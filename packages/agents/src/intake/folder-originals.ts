import { createHash } from 'node:crypto'
import { copyFile, mkdir, readdir, readFile, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Owner } from '../library/document.ts'
import type { Originals, OriginalKey } from './originals.ts'

/** Originals in a folder, each owner's in one of their own. No name that a person chose becomes a path. */
export function createFolderOriginals(directory: string): Originals {
  const folderOf = (owner: Owner): string =>
    join(directory, createHash('sha256').update(JSON.stringify(owner)).digest('hex').slice(0, 32))
  const pathOf = ({ owner, id }: OriginalKey): string => {
    if (!/^[a-z0-9]{1,64}$/.test(id)) throw new TypeError('An original is named by its document')
    return join(folderOf(owner), id)
  }
  return {
    async put(key, path) {
      await mkdir(folderOf(key.owner), { recursive: true, mode: 0o700 })
      await rename(path, pathOf(key)).catch(async (error: unknown) => {
        if (!hasCode(error, 'EXDEV')) throw error
        await copyFile(path, pathOf(key))
        await rm(path)
      })
    },
    get: (key) => readFile(pathOf(key)).catch(missing(null)),
    async delete(key) {
      await rm(pathOf(key), { force: true })
    },
    async give(from, to) {
      const names = await readdir(folderOf(from)).catch(missing([]))
      await mkdir(folderOf(to), { recursive: true, mode: 0o700 })
      for (const name of names) await rename(join(folderOf(from), name), join(folderOf(to), name))
      await rm(folderOf(from), { recursive: true, force: true })
    },
    async clear(owner) {
      await rm(folderOf(owner), { recursive: true, force: true })
    },
  }
}

/** Gives `otherwise` for what is not there. */
function missing<T>(otherwise: T): (error: unknown) => T {
  return (error) => {
    if (hasCode(error, 'ENOENT')) return otherwise
    throw error
  }
}

function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code
}
