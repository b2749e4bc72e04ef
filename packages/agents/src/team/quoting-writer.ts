import { answerable } from '../extract/answerable.ts'
import { composeAnswer } from '../extract/compose-answer.ts'
import { declineAnswer } from '../extract/decline-answer.ts'
import type { ComposedAnswer, Statement } from '../extract/statement.ts'
import { writeAnswer } from '../extract/write-answer.ts'
import type { Aside, Brief } from './brief.ts'
import type { TeamWords } from './words/english.ts'

const MAX_ASIDE_STATEMENTS = 3

/** An answer before it is checked. */
export interface Draft {
  readonly answer: ComposedAnswer
  /** What is said beside the quotations: that the library holds no answer, or none to something that was added. */
  readonly remarks: readonly string[]
}

/** Composes an answer out of quotations, or says that the library holds none. It invents nothing. */
export function composeDraft({ question, findings, search, asides }: Brief, words: TeamWords): Draft {
  const { answer: wording } = words
  if (findings.length === 0 && asides.length === 0)
    return { answer: writeAnswer([]), remarks: [words.nothingSearched] }
  const grounds = answerable(search)
  const main = grounds.answerable ? composeAnswer({ question, findings, wording }) : undefined
  const unanswered = findings.length > 0 && (main === undefined || main.statements.length === 0)
  const remarks = unanswered ? [declineAnswer(grounds, search, words.decline)] : []
  const statements: Statement[] = [...(main?.statements ?? [])]
  for (const aside of asides) {
    const added = asideStatements(aside)
    if (added.length === 0) remarks.push(words.onWish(aside.wish, declined(aside, words)))
    statements.push(...added)
  }
  return { answer: writeAnswer(statements, words.answer), remarks }
}

/** What was added gets a section of its own under its own words. */
function asideStatements({ wish, finding }: Aside): readonly Statement[] {
  if (finding === undefined || !answerable(finding.result).answerable) return []
  const { statements } = composeAnswer({ question: wish, findings: [finding] })
  return statements
    .filter((statement) => statement.kind !== 'see-also')
    .slice(0, MAX_ASIDE_STATEMENTS)
    .map((statement) => ({
      ...statement,
      kind: statement.kind === 'lead' ? 'text' : statement.kind,
      section: wish.replace(/\s+/g, ' '),
    }))
}

function declined({ finding }: Aside, words: TeamWords): string {
  if (finding === undefined) return words.nothingSearched
  return declineAnswer(answerable(finding.result), finding.result, words.decline)
}

/** The answer of a team without a writer: the best passage of each line, as it stands. */
export function unwrittenDraft({ findings }: Brief, words: TeamWords): Draft {
  const statements = findings.flatMap(({ result }): Statement[] => {
    const passage = result.passages[0]
    if (passage === undefined) return []
    const { documentId, title, heading, start, end, text } = passage
    return [{ kind: 'text', section: title, documentId, title, heading, start, end, quote: text, blockAt: 0 }]
  })
  const remarks = statements.length > 0 ? [] : [words.nobodyWrote]
  return { answer: writeAnswer(statements, words.answer), remarks }
}
