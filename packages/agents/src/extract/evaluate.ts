import type { QuestionSet } from '../library/questions.ts'
import { answerQuestion, type AnsweredQuestion, type ReadableLibrary } from './answer-question.ts'

/** What became of one question of a set. */
export interface QuestionOutcome {
  readonly question: string
  /** Answered from a right page, or declined where the library holds no answer. */
  readonly right: boolean
  /** Sources of the first citations; empty when declined. */
  readonly sources: readonly string[]
  readonly coverage: number
}

/** How well a question set was answered. */
export interface EvaluationFigures {
  readonly answerable: readonly QuestionOutcome[]
  readonly unanswerable: readonly QuestionOutcome[]
  /** Statements the reviewer checked, and those it dropped, over all answers. */
  readonly checked: number
  readonly dropped: number
  /** Quotations that are not, character for character, in the document they cite. */
  readonly misquoted: number
}

/** A right page must be among this many citations. */
const CITATIONS = 3

/** Answers every question of `set` from the bundled corpus and counts what came out right. */
export async function evaluate(library: ReadableLibrary, set: QuestionSet): Promise<EvaluationFigures> {
  const answerable: QuestionOutcome[] = []
  const unanswerable: QuestionOutcome[] = []
  let checked = 0
  let dropped = 0
  let misquoted = 0
  for (const { question, pages } of set.answerable) {
    const answered = await answerQuestion(library, question, [null])
    const sources = sourcesOf(answered)
    const right = sources.some((source) => pages.some((page) => source.endsWith(page)))
    answerable.push({ question, right, sources, coverage: answered.grounds.coverage })
    checked += answered.reviewed?.checked ?? 0
    dropped += answered.reviewed?.dropped ?? 0
    misquoted += answered.reviewed?.reviews.filter((review) => review.verdict === 'not-in-source').length ?? 0
  }
  for (const question of set.unanswerable) {
    const answered = await answerQuestion(library, question, [null])
    const right = answered.reviewed === undefined
    unanswerable.push({ question, right, sources: sourcesOf(answered), coverage: answered.grounds.coverage })
  }
  return { answerable, unanswerable, checked, dropped, misquoted }
}

function sourcesOf({ reviewed, findings }: AnsweredQuestion): readonly string[] {
  const passages = findings.flatMap((finding) => finding.result.passages)
  const sources = new Map(passages.map((passage) => [passage.documentId, passage.source]))
  const cited = reviewed?.answer.citations.slice(0, CITATIONS) ?? []
  return [...new Set(cited.map((citation) => sources.get(citation.documentId) ?? ''))]
}
