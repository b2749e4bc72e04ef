import type { Rule } from '../rule.ts'
import type { SourceFile } from '../source-file.ts'
import type { SourceTree } from '../source-tree.ts'

/**
 * No file imports itself by way of others. Types are erased and `import()` waits, so neither counts; with
 * `verbatimModuleSyntax`, `import { type A }` still loads the module and does count.
 */
export const importCycle: Rule = (tree) =>
  cycles(tree).map((cycle) => {
    const [first, second] = cycle
    const path = first?.path ?? ''
    const line = first?.imports.find(({ specifier }) => tree.resolve(first, specifier) === second)?.line ?? 1
    const problem = `a cycle of imports: ${[...cycle, first].map((file) => file?.path).join(' → ')}`
    const mend =
      'move what both need into a file of its own, or write `import type` where only types are needed'
    return { rule: 'import cycle', path, line, problem, mend }
  })

/** One cycle for each edge that closes one, in the order of a depth-first walk. */
function cycles(tree: SourceTree): SourceFile[][] {
  const found: SourceFile[][] = []
  const finished = new Set<SourceFile>()
  const trail: SourceFile[] = []
  const visit = (file: SourceFile): void => {
    const start = trail.indexOf(file)
    if (start >= 0) found.push(trail.slice(start))
    if (start >= 0 || finished.has(file)) return
    trail.push(file)
    for (const next of eagerImports(tree, file)) visit(next)
    trail.pop()
    finished.add(file)
  }
  for (const file of tree.files) visit(file)
  return found
}

function eagerImports(tree: SourceTree, file: SourceFile): SourceFile[] {
  return file.imports.flatMap(({ specifier, kind }) => {
    const target = kind === 'eager' ? tree.resolve(file, specifier) : undefined
    return target ? [target] : []
  })
}
