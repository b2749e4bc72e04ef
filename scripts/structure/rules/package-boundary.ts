import { posix } from 'node:path'
import { fileRule, type Finding } from '../rule.ts'

/** A path stays inside its package; other packages are imported by name. */
export const packageBoundary = fileRule('package boundary', (file) =>
  file.imports
    .filter(({ specifier }) => leaves(file, specifier))
    .map(({ specifier, line }): Finding => {
      const mend = 'import the other package by its name'
      return { line, problem: `'${specifier}' leaves ${file.home}`, mend }
    }),
)

function leaves({ path, home }: { path: string; home: string }, specifier: string): boolean {
  if (specifier.startsWith('/') || specifier.startsWith('file:')) return true
  if (!specifier.startsWith('.')) return false
  return !`${posix.join(posix.dirname(path), specifier)}/`.startsWith(`${home}/`)
}
