import type { Citation } from '@throughline/protocol'
import { shownQuestion, type LineFinding, type PlannedLine, type Written } from './brief.ts'
import { announce, type Desk } from './desk.ts'

/** Tells the plan, again whenever it grew. A team without a planner has none to tell. */
export async function announcePlan(desk: Desk, lines: readonly PlannedLine[]): Promise<void> {
  if (desk.without.has('planner')) return
  await announce(desk, { type: 'research_plan', data: { questions: lines.map(shownQuestion) } })
}

/** Tells what each line of inquiry gave to the answer, and that the research is done. */
export async function announceResults(
  desk: Desk,
  findings: readonly LineFinding[],
  { citations, flagged, reviewed }: Written,
): Promise<void> {
  await announce(desk, {
    type: 'research_results',
    data: {
      findings: findings.map((finding) => ({
        questionId: finding.line.id,
        question: finding.question,
        citations: citations.filter((citation) => cameFrom(citation, finding)),
      })),
    },
  })
  const sources = new Set(citations.map((citation) => citation.documentId)).size
  const summary = desk.words.results(citations.length, sources, reviewed ? flagged : undefined)
  await announce(desk, {
    type: 'research_completed',
    data: { messageId: desk.scope.messageId, sources, flagged, summary },
  })
}

function cameFrom({ documentId, start, end }: Citation, { result }: LineFinding): boolean {
  return result.passages.some(
    (passage) => passage.documentId === documentId && passage.start < end && start < passage.end,
  )
}
