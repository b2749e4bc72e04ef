import type { Citation } from '@throughline/protocol'
import { answerPieces } from './answer-pieces.ts'
import { startAnswer, type AnswerStream } from './answer-stream.ts'
import type { Brief, Written } from './brief.ts'
import { createCitationReader } from './citation-marks.ts'
import { continueAnswer, joinParts } from './continuation.ts'
import { runAgent, type Desk } from './desk.ts'
import { reviewQuotes, type Review } from './quoting-reviewer.ts'
import { composeDraft, unwrittenDraft, type Draft } from './quoting-writer.ts'
import { typing } from './typing.ts'
import type { TeamWords } from './words/english.ts'

export const WRITER = { agentId: 'writer', role: 'writer' } as const

/** Writes and checks the answer of a run, and ends its message. */
export type Author = (desk: Desk, brief: Brief) => Promise<Written>

/**
 * The model-free author: a writer composes quotations, a reviewer checks each of them, and what stands is streamed
 * sentence by sentence. It never waits.
 */
export const authorByQuotes: Author = async (desk, asked) => {
  const { words } = desk
  const brief = { ...asked, asides: [...asked.asides, ...(await asked.takeAsides())] }
  if (desk.without.has('writer')) {
    const draft = unwrittenDraft(brief, words)
    const review = await check(desk, brief, draft)
    return written(desk, review, await stream(desk, brief, { draft, review }))
  }
  return runAgent(desk, { ...WRITER, task: words.writing }, async (agent) => {
    agent.thinking(words.composing)
    const draft = composeDraft(brief, words)
    const review = await check(desk, brief, draft)
    const value = written(desk, review, await stream(desk, brief, { draft, review, onPiece: agent.progress }))
    const sources = new Set(value.citations.map((citation) => citation.documentId)).size
    const summary = value.citations.length === 0 ? words.nothingToQuote : words.quoted(sources)
    return { value, summary }
  })
}

function check(desk: Desk, brief: Brief, { answer }: Draft): Promise<Review> {
  const unchecked = desk.without.has('reviewer') || answer.statements.length === 0
  return unchecked ? Promise.resolve({ answer, flagged: 0 }) : reviewQuotes(desk, brief, answer)
}

function written(desk: Desk, { flagged }: Review, citations: readonly Citation[]): Written {
  return { citations, flagged, reviewed: !desk.without.has('reviewer') }
}

interface Piecework {
  readonly draft: Draft
  readonly review: Review
  readonly onPiece?: (done: number, total: number, task: string) => Promise<void>
}

async function stream(desk: Desk, brief: Brief, work: Piecework): Promise<readonly Citation[]> {
  const { draft, review, onPiece } = work
  const { run, scope } = desk
  const { text, citations } = textOf(desk, brief, { draft, review })
  const answer = await startAnswer({ writer: run.writer, scope, agentId: WRITER.agentId })
  const stop = typing(desk, WRITER.agentId)
  const cite = citing(answer, citations)
  if (brief.partial !== undefined) await cite(brief.partial.content)
  const pieces = answerPieces(text)
  for (const [index, piece] of pieces.entries()) {
    desk.signal.throwIfAborted()
    await onPiece?.(index, pieces.length, desk.words.writing)
    await cite(piece)
  }
  stop()
  await answer.complete(citations, run.sessionId)
  return citations
}

/** Text to stream after the partial answer, if there is one, and the citations of the whole. */
function textOf(
  { words }: Desk,
  { partial }: Brief,
  { draft, review }: Piecework,
): {
  readonly text: string
  readonly citations: readonly Citation[]
} {
  const remarks = [
    ...draft.remarks,
    ...(review.answer.statements.length === 0 ? emptied(draft, words) : []),
  ].join('\n\n')
  if (partial === undefined) {
    const { markdown, citations } = review.answer
    return { text: joinParts(markdown, remarks), citations }
  }
  const { rest, citations } = continueAnswer(partial, review.answer, remarks)
  return { text: rest, citations }
}

function emptied({ answer, remarks }: Draft, words: TeamWords): readonly string[] {
  if (answer.statements.length === 0 || remarks.length > 0) return []
  return [words.allDropped]
}

/** Writes a piece, telling each citation with the piece that uses it first. */
function citing(answer: AnswerStream, citations: readonly Citation[]): (piece: string) => Promise<void> {
  const reader = createCitationReader()
  const left = new Map(citations.map((citation) => [citation.n, citation]))
  return async (piece) => {
    const used = reader.read(piece).flatMap(({ n }) => {
      const citation = left.get(n)
      left.delete(n)
      return citation === undefined ? [] : [citation]
    })
    await answer.write(piece, used)
  }
}
