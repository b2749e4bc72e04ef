import { cp, mkdir, mkdtemp, readFile, readdir, realpath, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { scope } from '../structure/layers.mjs'
import { applyMutant, type Mutant } from './mutant.ts'

/** A copy of the repository's sources that may be broken. */
export interface ScratchCopy {
  readonly folder: string
  /** Breaks the copy; returns how to mend it. @throws Error when the mutant does not apply */
  plant(mutant: Mutant): Promise<() => Promise<void>>
  remove(): Promise<void>
}

const left = /^(node_modules|dist|artifacts|coverage|\.git|\.next|\.data|\.tmp-.*|.*\.log|.*\.tsbuildinfo)$/

/** Copies the sources under `root`; installed packages are linked, our own ones to the copy. */
export async function createScratchCopy(root: string): Promise<ScratchCopy> {
  const folder = await realpath(await mkdtemp(join(tmpdir(), 'throughline-mutants-')))
  const remove = (): Promise<void> => rm(folder, { recursive: true, force: true })
  try {
    for (const name of await readdir(root)) {
      if (left.test(name)) continue
      await cp(join(root, name), join(folder, name), {
        recursive: true,
        filter: (path) => !left.test(basename(path)),
      })
    }
    await linkModules(root, folder)
  } catch (error) {
    await remove()
    throw error
  }
  return {
    folder,
    remove,
    async plant(mutant) {
      const path = join(folder, mutant.file)
      const source = await readFile(path, 'utf8')
      await writeFile(path, applyMutant(source, mutant))
      return () => writeFile(path, source)
    },
  }
}

async function linkModules(root: string, folder: string): Promise<void> {
  const own = dirname(`${scope}x`)
  await mkdir(join(folder, 'node_modules', own), { recursive: true })
  for (const name of await readdir(join(root, 'node_modules'))) {
    // What tools keep there is not to be shared.
    if (name === own || (name.startsWith('.') && name !== '.bin')) continue
    await symlink(join(root, 'node_modules', name), join(folder, 'node_modules', name), 'junction')
  }
  for (const name of await readdir(join(folder, 'packages'))) {
    await symlink(join(folder, 'packages', name), join(folder, 'node_modules', own, name), 'junction')
  }
}
