import type { SearchResult } from '../library/document.ts'
import type { ComposedAnswer, NumberedStatement } from './statement.ts'
import { coverageOf, questionTerms } from './terms.ts'
import { ANSWER_WORDING, writeAnswer, type AnswerWording } from './write-answer.ts'

export type Verdict = 'supported' | 'not-in-source' | 'off-topic'

/** What the reviewer found about one statement. */
export interface StatementReview {
  readonly statement: NumberedStatement
  readonly verdict: Verdict
  /** Share, 0 to 1, of the question's information in the statement and the titles above it. */
  readonly relevance: number
}

export interface ReviewedAnswer {
  /** The answer without what was dropped, numbered anew. */
  readonly answer: ComposedAnswer
  readonly reviews: readonly StatementReview[]
  readonly checked: number
  readonly supported: number
  readonly dropped: number
}

export interface ReviewOptions {
  readonly question: string
  readonly answer: ComposedAnswer
  /** The searches the answer came from; they say how much each word of the question tells. */
  readonly results: readonly SearchResult[]
  /** Stored texts of the cited documents by id; a statement whose document is missing is not supported. */
  readonly texts: ReadonlyMap<string, string>
  /** Default: {@link ANSWER_WORDING}. */
  readonly wording?: AnswerWording
}

/** Less than this of the question in a statement and its titles makes it beside the point. */
const RELEVANT = 0.34

/**
 * Checks every statement of an answer: its quotation must be, character for character, what the document says at that
 * place, and it must bear on the question. What fails is dropped.
 */
export function reviewAnswer(options: ReviewOptions): ReviewedAnswer {
  const terms = questionTerms(options.question, options.results)
  const reviews = options.answer.statements.map((statement): StatementReview => {
    const { title, heading, quote } = statement
    const relevance = coverageOf(terms, `${title}\n${heading}\n${quote}`)
    const exact = options.texts.get(statement.documentId)?.slice(statement.start, statement.end) === quote
    const verdict =
      !exact || quote === '' ? 'not-in-source' : relevance < RELEVANT ? 'off-topic' : 'supported'
    return { statement, verdict, relevance }
  })
  const kept = reviews.filter((review) => review.verdict === 'supported').map((review) => review.statement)
  return {
    answer: writeAnswer(kept, options.wording ?? ANSWER_WORDING),
    reviews,
    checked: reviews.length,
    supported: kept.length,
    dropped: reviews.length - kept.length,
  }
}
