import type { SearchOptions, SearchResult } from '../library/document.ts'
import { answerable, type Answerability } from './answerable.ts'
import { composeAnswer, type Finding } from './compose-answer.ts'
import { planQuestions, type PlannedQuestion } from './plan-questions.ts'
import { reviewAnswer, type ReviewedAnswer } from './review-answer.ts'

/** As much of a library as answering takes. */
export interface ReadableLibrary {
  search(options: SearchOptions): Promise<SearchResult>
  getDocument(id: string, owners: SearchOptions['owners']): Promise<{ readonly text: string } | null>
}

/** A question answered, or found unanswerable, with all that led to it. */
export interface AnsweredQuestion {
  readonly grounds: Answerability
  readonly plan: readonly PlannedQuestion[]
  readonly findings: readonly Finding[]
  /** `undefined` when the library does not hold an answer. */
  readonly reviewed: ReviewedAnswer | undefined
}

/** Plans, searches, composes and reviews in one go: the team's work without the team, for evaluation and scripts. */
export async function answerQuestion(
  library: ReadableLibrary,
  question: string,
  owners: SearchOptions['owners'],
): Promise<AnsweredQuestion> {
  const first = await library.search({ query: question, owners })
  const grounds = answerable(first)
  if (!grounds.answerable) return { grounds, plan: [], findings: [], reviewed: undefined }
  const plan = planQuestions(question, first)
  const findings: Finding[] = []
  for (const { facet, question: line, query } of plan) {
    findings.push({
      question: line,
      result: facet === 'question' ? first : await library.search({ query, owners }),
    })
  }
  const answer = composeAnswer({ question, findings })
  const texts = new Map<string, string>()
  for (const id of new Set(answer.citations.map((citation) => citation.documentId))) {
    texts.set(id, (await library.getDocument(id, owners))?.text ?? '')
  }
  const results = findings.map((finding) => finding.result)
  return { grounds, plan, findings, reviewed: reviewAnswer({ question, answer, results, texts }) }
}
