import type { Citation, KnownDraft } from '@throughline/protocol'
import type { RunWriter } from '@throughline/server'
import type { RunScope } from './run-scope.ts'

/** What waits while an append is under way; a model that is faster than the log is slowed down here. */
const MAX_PENDING_LENGTH = 32_768

export interface AnswerStreamOptions {
  readonly writer: RunWriter
  readonly scope: RunScope
  readonly agentId: string
}

/** The answer as it is written: deltas, then the whole. */
export interface AnswerStream {
  /** All that was pushed. */
  readonly text: string
  /** Writes a piece of text, its words counted as tokens, and waits until it is in the log. `citations` are those it is the first to use. */
  write(delta: string, citations?: readonly Citation[]): Promise<void>
  /**
   * Takes a token: written at once, or together with all that comes while an append is under way. Waits only when
   * the log is far behind. @throws what the append before threw
   */
  push(token: string, citations?: readonly Citation[]): Promise<void>
  /** Waits until everything pushed is in the log. */
  flush(): Promise<void>
  /** Ends the answer: the whole text, and the citations that stand. */
  complete(citations: readonly Citation[], sessionId: string): Promise<void>
}

/** Writes `message_started` and opens the answer. */
export async function startAnswer(options: AnswerStreamOptions): Promise<AnswerStream> {
  const { writer, scope, agentId } = options
  const { messageId } = scope
  const envelope = { runId: scope.runId, agentId, messageId, parentId: scope.parentId }
  let text = ''
  let pending = ''
  let pendingTokens = 0
  let pendingCitations: Citation[] = []
  let appending = Promise.resolve()
  let busy = false
  let failure: { readonly error: unknown } | undefined

  const append = async () => {
    busy = true
    try {
      while (pending !== '') await writer.write(takePending())
    } catch (error) {
      // Told to whoever pushes or flushes next.
      failure = { error }
    } finally {
      busy = false
    }
  }
  const takePending = (): KnownDraft => {
    const cited = pendingCitations.length > 0 ? { citations: pendingCitations } : {}
    const metadata = { tokens: pendingTokens, ...cited }
    const data = { messageId, agentId, content: pending, isComplete: false, metadata }
    pending = ''
    pendingTokens = 0
    pendingCitations = []
    return { ...envelope, type: 'message_chunk', data }
  }
  const take = async (delta: string, citations: readonly Citation[], tokens: number) => {
    if (failure !== undefined) throw failure.error
    if (delta === '') return
    text += delta
    pending += delta
    pendingTokens += tokens
    pendingCitations.push(...citations)
    if (!busy) appending = append()
    if (pending.length > MAX_PENDING_LENGTH) await flush()
  }
  const flush = async () => {
    await appending
    if (failure !== undefined) throw failure.error
  }

  await writer.write({
    ...envelope,
    type: 'message_started',
    data: { messageId, agentId, role: 'assistant' },
  })
  return {
    get text() {
      return text
    },
    async write(delta, citations = []) {
      await take(delta, citations, delta.match(/\S+/g)?.length ?? 0)
      await flush()
    },
    push: (token, citations = []) => take(token, citations, 1),
    flush,
    async complete(citations, sessionId) {
      await flush()
      await writer.write({
        ...envelope,
        type: 'message_completed',
        data: { messageId, sessionId, finalContent: text, citations },
      })
    },
  }
}
