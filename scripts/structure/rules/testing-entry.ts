import { posix } from 'node:path'
import { scope } from '../layers.mjs'
import { fileRule, type Finding } from '../rule.ts'
import { isTestFile, isTestingPath } from '../source-file.ts'

/** Shipped code does not depend on test kits. */
export const testingEntry = fileRule('testing entry', (file) => {
  if (isTestFile(file.path) || isTestingPath(file.path)) return []
  return file.imports
    .filter(({ specifier }) => leadsToTesting(file.path, specifier))
    .map(({ specifier, line }): Finding => {
      const mend = 'move what shipped code needs out of the testing folder'
      return { line, problem: `'${specifier}' is for tests`, mend }
    })
})

function leadsToTesting(path: string, specifier: string): boolean {
  if (specifier.startsWith('.')) return isTestingPath(posix.join(posix.dirname(path), specifier))
  return specifier.startsWith(scope) && isTestingPath(specifier)
}
