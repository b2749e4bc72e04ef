import type { Rule } from './rule.ts'
import { importCycle } from './rules/import-cycle.ts'
import { layer } from './rules/layer.ts'
import { noAny } from './rules/no-any.ts'
import { packageBoundary } from './rules/package-boundary.ts'
import { runtime } from './rules/runtime.ts'
import { name, size } from './rules/size-and-name.ts'
import { testingEntry } from './rules/testing-entry.ts'

/** Every rule of the structure check. */
export const rules: readonly Rule[] = [
  layer,
  runtime,
  testingEntry,
  packageBoundary,
  importCycle,
  size,
  name,
  noAny,
]
