import { reviewAnswer, type ReviewedAnswer } from '../extract/review-answer.ts'
import type { ComposedAnswer, Statement } from '../extract/statement.ts'
import { writeAnswer } from '../extract/write-answer.ts'
import type { Brief } from './brief.ts'
import { runAgent, type Desk } from './desk.ts'

export const REVIEWER = { agentId: 'reviewer', role: 'reviewer' } as const

/** What a review lets pass, and how much it did not. */
export interface Review {
  readonly answer: ComposedAnswer
  readonly flagged: number
}

/**
 * Checks every quotation against the stored text of its document, as it is now, and against what was asked; drops
 * what fails. What a person added is measured by their own words for it.
 */
export function reviewQuotes(desk: Desk, brief: Brief, answer: ComposedAnswer): Promise<Review> {
  const documents = [...new Set(answer.citations.map((citation) => citation.documentId))]
  return runAgent(desk, { ...REVIEWER, task: desk.words.checkingQuotes }, async (agent) => {
    const texts = new Map<string, string>()
    for (const [index, id] of documents.entries()) {
      desk.signal.throwIfAborted()
      await agent.progress(index, documents.length, desk.words.comparing(titleOf(answer, id)))
      const document = await desk.library.getDocument(id, desk.owners)
      if (document !== null) texts.set(id, document.text)
    }
    const reviewed = reviewParts(brief, answer, texts)
    const kept = new Set(reviewed.flatMap((part) => part.answer.statements.map(place)))
    const checked = reviewed.reduce((sum, part) => sum + part.checked, 0)
    const flagged = reviewed.reduce((sum, part) => sum + part.dropped, 0)
    const standing = answer.statements.filter((statement) => kept.has(place(statement)))
    const passed = writeAnswer(standing, desk.words.answer)
    return {
      value: { answer: passed, flagged },
      summary: desk.words.quotesChecked(checked, flagged),
      results: { checked, flagged },
    }
  })
}

function reviewParts(
  brief: Brief,
  answer: ComposedAnswer,
  texts: ReadonlyMap<string, string>,
): readonly ReviewedAnswer[] {
  const wishes = new Map(brief.asides.map((aside) => [aside.wish.replace(/\s+/g, ' '), aside]))
  const byPart = Map.groupBy(answer.statements, (statement) => wishes.get(statement.section))
  return [...byPart].map(([aside, statements]) =>
    reviewAnswer({
      question: aside?.wish ?? brief.question,
      answer: { ...answer, statements },
      results: aside?.finding ? [aside.finding.result] : brief.findings.map((finding) => finding.result),
      texts,
    }),
  )
}

function place({ documentId, start, end, section }: Statement): string {
  return `${documentId}:${String(start)}:${String(end)}:${section}`
}

function titleOf(answer: ComposedAnswer, documentId: string): string | undefined {
  return answer.citations.find((citation) => citation.documentId === documentId)?.title
}
