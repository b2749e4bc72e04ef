import {
  checkDraft,
  formatCursor,
  initialConversation,
  reduceConversation,
  StreamError,
  type ConversationState,
  type Draft,
  type Envelope,
  type RunInput,
} from '@throughline/protocol'
import type { OwnedRun, RunInputEvent } from '@throughline/server'

export interface MemoryRunOptions {
  readonly question: string
  readonly runId?: string
  readonly userId?: string
  readonly fence?: number
  /** What the run is asked; default: to answer the question. */
  readonly input?: Partial<RunInput>
  /** What was said before and the partial answer, if there is one. */
  readonly before?: readonly Draft[]
  /** Ids of documents that the question points to. */
  readonly attachments?: readonly string[]
  /** Called before each append; may wait or throw. */
  readonly onWrite?: (draft: Draft) => Promise<void> | void
}

/** A run in memory: every draft is checked and folded as a hub would do it. */
export interface MemoryRun {
  readonly run: OwnedRun
  /** Everything appended by the run, in order. */
  readonly drafts: readonly Draft[]
  readonly ephemerals: readonly Draft[]
  /** Terminal calls, in order: more than one is somebody's mistake. */
  readonly ends: readonly { readonly kind: 'complete' | 'fail'; readonly value: unknown }[]
  /** The conversation as it stands. */
  state(): ConversationState
  /** The answer's message. @throws Error when there is none */
  answer(): ConversationState['messages'][number]
  steer(content: string): void
  cancel(): void
  /** Ends `inputs()`. */
  endInputs(): void
}

const SESSION = 'session-1'
const EPOCH = 'epoch0001'

/** Builds a run whose log is a list. */
export function createMemoryRun(options: MemoryRunOptions): MemoryRun {
  const {
    question,
    runId = 'r_1',
    userId = 'user-1',
    fence = 1,
    before = [],
    attachments = [],
    onWrite,
  } = options
  const lost = new AbortController()
  const drafts: Draft[] = []
  const ephemerals: Draft[] = []
  const ends: { kind: 'complete' | 'fail'; value: unknown }[] = []
  const inputs = createInputs()
  let offset = 0
  let state = initialConversation(SESSION)
  const append = (draft: Draft) => {
    const checked = checkDraft(draft)
    offset += 1
    const envelope: Envelope = {
      ...checked,
      id: formatCursor({ epoch: EPOCH, offset }),
      sessionId: SESSION,
      timestamp: offset,
    }
    state = reduceConversation(state, [envelope])
    return { epoch: EPOCH, offset }
  }
  for (const draft of before) append(draft)
  const attached = attachments.map((documentId) => ({ documentId, title: documentId }))
  append({
    type: 'user_message',
    parentId: before.findLast((draft) => draft.messageId !== undefined)?.messageId ?? null,
    messageId: 'm_1',
    data: { messageId: 'm_1', content: question, attachments: attached },
  })
  const input: RunInput = { kind: 'message', messageId: 'm_1', parentId: 'm_1', ...options.input }
  append({ type: 'run_queued', runId, data: { runId, kind: input.kind, messageId: input.messageId } })
  append({ type: 'run_started', runId, data: { runId, attempt: 1, kind: input.kind } })
  const end = async (kind: 'complete' | 'fail', value: unknown) => {
    ends.push({ kind, value })
    append({
      type: 'run_completed',
      runId,
      data: { runId, status: kind === 'fail' ? 'failed' : 'completed' },
    })
    inputs.end()
  }
  const run: OwnedRun = {
    sessionId: SESSION,
    userId,
    runId,
    fence,
    ttl: 15_000,
    input,
    cursor: formatCursor({ epoch: EPOCH, offset }),
    conversation: state,
    writer: {
      signal: lost.signal,
      async write(draft) {
        await onWrite?.(draft)
        if (lost.signal.aborted) throw new StreamError('conflict', 'The run is over: stop.')
        const position = append(draft)
        drafts.push(draft)
        return position
      },
      ephemeral(draft) {
        ephemerals.push(checkDraft(draft))
      },
      inputs: () => inputs,
      complete: (usage) => end('complete', usage),
      fail: (error) => end('fail', error),
    },
  }
  return {
    run,
    drafts,
    ephemerals,
    ends,
    state: () => state,
    answer() {
      const message = state.messages.findLast((held) => held.role === 'assistant' && held.runId === runId)
      if (message === undefined) throw new Error('The run has written no answer.')
      return message
    },
    steer: (content) => {
      inputs.push({ inputId: crypto.randomUUID(), kind: 'steer', decision: 'steer', value: content })
    },
    cancel: () => {
      lost.abort(new StreamError('conflict', 'The run was ended: stop.'))
    },
    endInputs: () => {
      inputs.end()
    },
  }
}

interface Inputs extends AsyncIterable<RunInputEvent> {
  push(input: RunInputEvent): void
  end(): void
}

function createInputs(): Inputs {
  const held: RunInputEvent[] = []
  let ended = false
  let wake = (): void => undefined
  return {
    push(input) {
      held.push(input)
      wake()
    },
    end() {
      ended = true
      wake()
    },
    async *[Symbol.asyncIterator]() {
      for (;;) {
        const input = held.shift()
        if (input !== undefined) yield input
        else if (ended) return
        else {
          await new Promise<void>((resolve) => {
            wake = resolve
          })
        }
      }
    },
  }
}
