import { fileURLToPath } from 'node:url'
import { violationText } from './structure/rule.ts'
import { rules } from './structure/rules.ts'
import { readSourceTree } from './structure/source-tree.ts'

// Checks what neither the type checker nor the linter sees: the shape of the whole tree.
const tree = readSourceTree(fileURLToPath(new URL('..', import.meta.url)))
const violations = rules.flatMap((rule) => rule(tree))
for (const violation of violations) console.error(violationText(violation))
console.log(
  violations.length === 0
    ? `${tree.files.length} files in order`
    : `${violations.length} violations, see above`,
)
process.exitCode = violations.length === 0 && tree.files.length > 0 ? 0 : 1
