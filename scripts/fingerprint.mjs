import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join, relative } from 'node:path'

const ignoredFolders = new Set(['node_modules', 'dist', 'artifacts'])
const ignoredFiles = /(^next-env\.d\.ts|\.tsbuildinfo|\.test\.tsx?|\.log)$/

/**
 * One hash over the names and contents of files; it changes exactly when one of them is added, removed, renamed or
 * edited. Hidden folders, build output and tests do not count.
 * @param {string} base names are taken relative to this folder
 * @param {readonly string[]} paths files or folders; missing ones are left out
 * @returns {string}
 */
export function fingerprint(base, paths) {
  const hash = createHash('sha256')
  for (const file of paths.flatMap((path) => filesUnder(join(base, path)))) {
    const content = readFileSync(file)
    hash.update(`${relative(base, file)}\0${content.length}\0`).update(content)
  }
  return hash.digest('hex')
}

/**
 * @param {string} path
 * @returns {string[]} sorted, so that the order of the file system does not matter
 */
function filesUnder(path) {
  if (!existsSync(path)) return []
  if (!statSync(path).isDirectory()) return [path]
  return readdirSync(path, { withFileTypes: true })
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => {
      if (entry.isDirectory()) {
        return entry.name.startsWith('.') || ignoredFolders.has(entry.name)
          ? []
          : filesUnder(join(path, entry.name))
      }
      return entry.isFile() && !ignoredFiles.test(entry.name) ? [join(path, entry.name)] : []
    })
}
