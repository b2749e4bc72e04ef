import type { Citation } from '@throughline/protocol'
import { startAnswer, type AnswerStream } from '../team/answer-stream.ts'
import { createCitationReader, type CitationMark } from '../team/citation-marks.ts'
import type { Desk } from '../team/desk.ts'
import { typing } from '../team/typing.ts'
import type { NumberedSources } from './numbered-sources.ts'

/** An answer that streams, and what it has cited so far. */
export interface CitedStream {
  readonly text: string
  readonly marks: readonly CitationMark[]
  readonly citations: ReadonlyMap<number, Citation>
  /** Takes a token of the answer; the first one begins the message. */
  push(token: string): Promise<void>
  /** Ends the message. */
  complete(citations: readonly Citation[]): Promise<void>
  /** No more is coming, whether or not the message was ended. */
  stop(): void
}

/** Prepares the answer's message; it begins with the first token, so that a refused call leaves no empty one. */
export function createCitedStream(desk: Desk, agentId: string, sources: NumberedSources): CitedStream {
  const { run, scope } = desk
  const reader = createCitationReader()
  const marks: CitationMark[] = []
  const citations = new Map<number, Citation>()
  let answer: AnswerStream | undefined
  let stopTyping = () => {}
  const open = async () => {
    if (answer !== undefined) return answer
    answer = await startAnswer({ writer: run.writer, scope, agentId })
    stopTyping = typing(desk, agentId)
    return answer
  }
  const cite = (token: string) => {
    const first: Citation[] = []
    for (const mark of reader.read(token)) {
      marks.push(mark)
      const citation = citations.has(mark.n) ? undefined : sources.cite(mark.n, mark.sentence)
      if (citation === undefined) continue
      citations.set(mark.n, citation)
      first.push(citation)
    }
    return first
  }
  return {
    get text() {
      return answer?.text ?? ''
    },
    marks,
    citations,
    async push(token) {
      desk.signal.throwIfAborted()
      const opened = await open()
      await opened.push(token, cite(token))
    },
    async complete(standing) {
      const opened = await open()
      await opened.complete(standing, run.sessionId)
    },
    stop: () => {
      stopTyping()
    },
  }
}
