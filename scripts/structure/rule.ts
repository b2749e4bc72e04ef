import type { SourceFile } from './source-file.ts'
import type { SourceTree } from './source-tree.ts'

/** One broken rule at one place; `mend` says what to do about it. */
export interface Violation {
  readonly path: string
  readonly line: number
  readonly rule: string
  readonly problem: string
  readonly mend: string
}

/** A rule looks at the whole tree and answers what breaks it. */
export type Rule = (tree: SourceTree) => readonly Violation[]

/** What a rule says about one place in the file it is looking at. */
export interface Finding {
  readonly line: number
  readonly problem: string
  readonly mend: string
}

/** A rule that needs to see one file at a time only. */
export function fileRule(rule: string, find: (file: SourceFile) => readonly Finding[]): Rule {
  return ({ files }) =>
    files.flatMap((file) => find(file).map((finding) => ({ rule, path: file.path, ...finding })))
}

/** One line for the terminal. */
export function violationText({ path, line, rule, problem, mend }: Violation): string {
  return `${path}:${line}  ${rule}: ${problem}; ${mend}`
}
