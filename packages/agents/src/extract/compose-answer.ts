import type { QueryTerm, RankedPassage, SearchResult } from '../library/document.ts'
import { intentOf } from './intent.ts'
import { createQuotedTexts, quoteSpan, type QuotedTexts } from './quotation.ts'
import { scoreSentences } from './score-sentences.ts'
import { blockSpan, standsAlone, textEnd, textSpan } from './spans.ts'
import type { ComposedAnswer, Statement } from './statement.ts'
import { coverageOf, questionTerms } from './terms.ts'
import { ANSWER_WORDING, writeAnswer, type AnswerWording } from './write-answer.ts'

/** What one researcher brought back. */
export interface Finding {
  /** The line of inquiry, as planned. */
  readonly question: string
  readonly result: SearchResult
}

export interface ComposeOptions {
  readonly question: string
  /** In the order of the plan: the first carries the answer, each further one may add a section. */
  readonly findings: readonly Finding[]
  /** Default: {@link ANSWER_WORDING}. */
  readonly wording?: AnswerWording
}

const MAX_LEADS = 2
const MAX_SECTIONS = 4
const SECTIONS_OF_FIRST = 2
const MAX_SEE_ALSO = 3
/** How close to the best a second lead must come, and what share of the question it must hold itself. */
const CLOSE = 0.85
const SECOND_LEAD = 0.4
/** Share of the question a passage must hold to be worth a section, or a line under "see also". */
const WORTH = 0.45
/** What a further line of inquiry brings must bear on the question as much as on its own line. */
const WORTH_ASIDE = 0.6

/**
 * Composes an answer from quotations alone: a lead that answers or defines, then what the best passages say and show
 * (with code or steps where the question asks how), then other pages worth reading. It invents nothing; without
 * findings the answer is empty.
 */
export function composeAnswer({
  question,
  findings,
  wording = ANSWER_WORDING,
}: ComposeOptions): ComposedAnswer {
  const results = findings.map((finding) => finding.result)
  const brief: Brief = {
    terms: questionTerms(question, results),
    how: intentOf(question) === 'how',
    quoted: createQuotedTexts(),
  }
  const statements: Statement[] = [...leads(brief, findings)]
  const sections = new Set<string>()
  for (const [index, finding] of findings.entries()) {
    let left = index === 0 ? SECTIONS_OF_FIRST : 1
    for (const passage of finding.result.passages) {
      if (left === 0 || sections.size >= MAX_SECTIONS) break
      const statement = sectionFrom(brief, passage, index === 0 ? WORTH : WORTH_ASIDE)
      if (!statement) continue
      statements.push(statement)
      sections.add(statement.section)
      left -= 1
    }
  }
  return writeAnswer([...statements, ...seeAlso(brief, findings, statements)], wording)
}

/** What is asked, and what has been said. */
interface Brief {
  readonly terms: readonly QueryTerm[]
  readonly how: boolean
  readonly quoted: QuotedTexts
}

function* leads({ terms, how, quoted }: Brief, findings: readonly Finding[]): Generator<Statement> {
  const units = scoreSentences(terms, findings[0]?.result.passages ?? [], { definitional: !how })
  const prose = units.filter((scored) => scored.unit.kind === 'sentence' && standsAlone(scored))
  prose.sort((a, b) => b.score - a.score)
  const best = prose[0]?.score ?? 0
  let given = 0
  for (const scored of prose) {
    if (given >= MAX_LEADS || scored.score < CLOSE * best) return
    if (given > 0 && scored.coverage < SECOND_LEAD) continue
    const span = { kind: 'lead', start: scored.unit.start, end: textEnd(scored, units) } as const
    const lead = quoteSpan(scored.passage, span)
    if (!quoted.claim(lead.quote)) continue
    given += 1
    yield lead
  }
}

/** The best of a passage: code or steps with the sentence before them, else its best sentence with the next one. */
function sectionFrom(
  { terms, how, quoted }: Brief,
  passage: RankedPassage,
  worth: number,
): Statement | undefined {
  if (bearing(terms, passage) < worth) return undefined
  const units = scoreSentences(terms, [passage])
  const span = (how ? blockSpan(units, passage) : undefined) ?? textSpan(units)
  if (!span) return undefined
  const statement = { ...quoteSpan(passage, span), section: sectionTitle(terms, passage) }
  return quoted.claim(statement.quote.slice(statement.blockAt)) ? statement : undefined
}

function bearing(terms: readonly QueryTerm[], { title, heading, text }: RankedPassage): number {
  return coverageOf(terms, `${title}\n${heading}\n${text}`)
}

function sectionTitle(terms: readonly QueryTerm[], { title, heading }: RankedPassage): string {
  const section = heading.split(' › ').at(-1) ?? ''
  if (section === '') return title
  return coverageOf(terms, section) > 0 ? section : `${title}: ${section}`
}

function* seeAlso(
  { terms, quoted }: Brief,
  findings: readonly Finding[],
  statements: readonly Statement[],
): Generator<Statement> {
  const named = new Set(statements.flatMap(({ documentId, title }) => [documentId, title]))
  let left = MAX_SEE_ALSO
  for (const passage of findings.flatMap((finding) => finding.result.passages)) {
    if (left === 0) return
    if (named.has(passage.documentId) || named.has(passage.title)) continue
    const span = bearing(terms, passage) < WORTH ? undefined : textSpan(scoreSentences(terms, [passage]))
    if (!span) continue
    const statement = quoteSpan(passage, { ...span, kind: 'see-also' })
    if (!quoted.claim(statement.quote)) continue
    named.add(passage.documentId).add(passage.title)
    left -= 1
    yield statement
  }
}
