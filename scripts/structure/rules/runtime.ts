import { builtinModules } from 'node:module'
import { fileRule, type Finding } from '../rule.ts'
import { isTestFile, isTestingPath } from '../source-file.ts'

const builtins = new Set(builtinModules)
const nodeFolders = [
  'packages/log/src/drivers/',
  'packages/server/src/node/',
  'packages/server/src/bin/',
  'packages/agents/',
  'apps/',
]

/** Code that may run in a browser or an edge runtime does without Node's modules. */
export const runtime = fileRule('runtime', (file) => {
  if (isTestFile(file.path) || isTestingPath(file.path)) return []
  if (nodeFolders.some((folder) => file.path.startsWith(folder))) return []
  return file.imports
    .filter(({ specifier }) => specifier.startsWith('node:') || builtins.has(specifier))
    .map(({ specifier, line }): Finding => {
      const mend =
        'use a Web API, take it as an argument, or move the file to log/src/drivers or server/src/node'
      return { line, problem: `'${specifier}' exists in Node only`, mend }
    })
})
