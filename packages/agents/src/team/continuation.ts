import type { Citation, Message } from '@throughline/protocol'
import type { ComposedAnswer, NumberedStatement, Statement } from '../extract/statement.ts'
import { asPlain } from '../extract/readable.ts'
import { writeAnswer, writeStatement } from '../extract/write-answer.ts'
import { citationMarks } from './citation-marks.ts'
import { openFence } from './fence.ts'

/** Characters by which a statement is known in a partial answer. */
const RECOGNISED_BY = 40

/** What is still to be written after a partial answer, and all citations of both. */
export interface Continuation {
  readonly rest: string
  readonly citations: readonly Citation[]
}

/**
 * Goes on from a partial answer: where the answer, composed anew, begins with it, the rest of that; otherwise those
 * sections that the partial answer has not got, numbered after its own citations.
 */
export function continueAnswer(partial: Message, answer: ComposedAnswer, remarks: string): Continuation {
  const whole = joinParts(answer.markdown, remarks)
  const { content } = partial
  if (whole.startsWith(content)) return { rest: whole.slice(content.length), citations: answer.citations }
  const kept = partial.citations.filter((citation) => citation.quote !== '')
  const highest = Math.max(
    0,
    ...citationMarks(content).map((mark) => mark.n),
    ...kept.map((citation) => citation.n),
  )
  const left = answer.statements.filter((statement) => !holds(content, statement))
  const more = writeAfter(left, highest)
  const rest = joinParts(more.markdown, content.includes(remarks) ? '' : remarks)
  return { rest: rest === '' ? '' : bridgeFrom(content) + rest, citations: [...kept, ...more.citations] }
}

/** Joins two parts of a text by an empty line; an empty part adds none. */
export function joinParts(first: string, second: string): string {
  return [first, second].filter((part) => part !== '').join('\n\n')
}

/** What has to stand between a text that broke off anywhere and a new section. */
export function bridgeFrom(content: string): string {
  const fence = openFence(content)
  if (fence !== undefined) return `${content.endsWith('\n') ? '' : '\n'}${fence}\n\n`
  return content.endsWith('\n\n') ? '' : content.endsWith('\n') ? '\n' : '\n\n'
}

/** Whether the statement's first words are there: one that broke off is not begun again. */
function holds(content: string, statement: NumberedStatement): boolean {
  return content.includes(writeStatement(statement).slice(0, RECOGNISED_BY))
}

/** Writes statements out with numbers above `after`. */
function writeAfter(
  statements: readonly Statement[],
  after: number,
): Pick<ComposedAnswer, 'markdown' | 'citations'> {
  const { statements: numbered, citations } = writeAnswer(statements)
  const parts: string[] = []
  let section = ''
  for (const statement of numbered) {
    if (statement.section !== section && statement.section !== '')
      parts.push(`### ${asPlain(statement.section)}`)
    section = statement.section
    parts.push(writeStatement({ ...statement, n: statement.n + after }))
  }
  return {
    markdown: parts.join('\n\n'),
    citations: citations.map((citation) => ({ ...citation, n: citation.n + after })),
  }
}
