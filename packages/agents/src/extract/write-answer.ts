import type { Citation } from '@throughline/protocol'
import { asPlain, readable } from './readable.ts'
import type { ComposedAnswer, NumberedStatement, Statement } from './statement.ts'

/** The words around the quotations; replace it to translate them. */
export interface AnswerWording {
  readonly seeAlso: string
  readonly note: string
}

export const ANSWER_WORDING: AnswerWording = {
  seeAlso: 'See also',
  note: 'Quoted from the library word for word. No model took part: nothing here is invented, and nothing is added.',
}

/**
 * Writes statements out as Markdown: the lead, then the sections in order of first appearance, then "see also". Each
 * is followed by its number; the same place quoted twice keeps one number. Without statements the text is empty.
 */
export function writeAnswer(
  statements: readonly Statement[],
  wording: AnswerWording = ANSWER_WORDING,
): ComposedAnswer {
  const numbered = numberStatements(inOrder(statements))
  const parts: string[] = []
  let section = ''
  for (const statement of numbered) {
    const heading = statement.kind === 'see-also' ? wording.seeAlso : statement.section
    const opens = heading !== section && heading !== ''
    section = heading
    if (opens) parts.push(`### ${asPlain(heading)}`)
    const written = writeStatement(statement)
    const follows = statement.kind === 'see-also' && !opens
    parts.push(follows ? `${parts.pop() ?? ''}\n${written}` : written)
  }
  if (parts.length > 0) parts.push(`*${wording.note}*`)
  return { markdown: parts.join('\n\n'), citations: citationsOf(numbered), statements: numbered }
}

/** Statement by statement as it is written; exported for a writer that streams. */
export function writeStatement(statement: NumberedStatement): string {
  const mark = `[${String(statement.n)}]`
  if (statement.kind === 'block') return writeBlock(statement, mark)
  const text = readable(statement.quote, 'prose')
  if (statement.kind === 'see-also') return `- **${asPlain(statement.title)}**: ${text} ${mark}`
  return `${text} ${mark}`
}

function writeBlock({ quote, blockAt }: NumberedStatement, mark: string): string {
  const introduction = readable(quote.slice(0, blockAt), 'prose')
  const block = readable(quote.slice(blockAt), 'verbatim')
  return [introduction, block, mark].filter((part) => part !== '').join('\n\n')
}

function inOrder(statements: readonly Statement[]): readonly Statement[] {
  const sections = [...new Set(statements.map((statement) => statement.section))]
  const rank = ({ kind, section }: Statement): number =>
    kind === 'lead' ? -1 : kind === 'see-also' ? sections.length : sections.indexOf(section)
  return [...statements].sort((a, b) => rank(a) - rank(b))
}

function numberStatements(statements: readonly Statement[]): readonly NumberedStatement[] {
  const numbers = new Map<string, number>()
  return statements.map((statement) => {
    const place = `${statement.documentId}:${String(statement.start)}:${String(statement.end)}`
    const n = numbers.get(place) ?? numbers.size + 1
    numbers.set(place, n)
    return { ...statement, n }
  })
}

function citationsOf(statements: readonly NumberedStatement[]): readonly Citation[] {
  const citations = new Map<number, Citation>()
  for (const { n, documentId, title, start, end, quote, page } of statements) {
    citations.set(n, { n, documentId, title, start, end, quote, ...(page !== undefined && { page }) })
  }
  return [...citations.values()]
}
