import { fileRule, type Finding } from '../rule.ts'

const lineLimit = 400
const vagueWords = new Set(['util', 'utils', 'helper', 'helpers'])

/** A file fits in a reader's head. */
export const size = fileRule('size', ({ lineCount }): Finding[] => {
  if (lineCount <= lineLimit) return []
  const mend = 'split it: one noun per file'
  return [{ line: lineLimit + 1, problem: `${lineCount} lines, the limit is ${lineLimit}`, mend }]
})

/** A name says what is inside. */
export const name = fileRule('name', ({ path }) =>
  path
    .split('/')
    .filter((segment) => segment.split(/[-.]/).some((word) => vagueWords.has(word.toLowerCase())))
    .map((segment): Finding => {
      const mend = 'name it after what it holds'
      return { line: 1, problem: `'${segment}' says nothing about what is inside`, mend }
    }),
)
