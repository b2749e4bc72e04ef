import {
  RUNLESS,
  initialConversation,
  isEvent,
  reduceConversation,
  windowConversation,
  type ConversationState,
  type Envelope,
  type Message,
  type Position,
} from '@throughline/protocol'

/** A message that ended with its whole text. */
export interface Completed {
  readonly messageId: string
  /** Offset of the event that began this life of it. */
  readonly begin: number
  /** Offset of its `message_completed`. */
  readonly end: number
  readonly timestamp: number
  /** Its chunks that are still stored. */
  readonly chunks: { readonly events: number; readonly bytes: number }
}

/** Something open that no announced run will end. */
export interface Unowned {
  /** Of the event that began it. */
  readonly offset: number
  /** When it was last heard of, ms since 1970. */
  readonly lastAt: number
}

/** Silence after which what no announced run will end is taken for abandoned: it is in nobody's way any longer. */
export const ABANDONED_MS = 3_600_000

const NO_CHUNKS = { events: 0, bytes: 0 }

/** What is open at a place of a stream, by the fold that everybody else folds with. */
export class OpenTurns {
  #state: ConversationState
  /** By the offset that began the message. */
  readonly #chunks = new Map<number, { readonly events: number; readonly bytes: number }>()
  /** When a message that is open was last heard of, by the offset that began it. */
  readonly #heard = new Map<number, number>()
  readonly #abandoned: ReadonlySet<number>
  #isAsking = false

  /** `after`: a place where nothing is open. `abandoned`: offsets of what is open for ever, and does not count. */
  constructor(stream: string, after: Position, abandoned: ReadonlySet<number> = new Set()) {
    this.#state = { ...initialConversation(stream), position: after }
    this.#abandoned = abandoned
  }

  /** Folds the next event; answers the message that it completed. */
  take(envelope: Envelope, bytes: number): Completed | undefined {
    const former = this.#state
    this.#state = reduceConversation(former, [envelope])
    this.#isAsking = envelope.type === 'user_message'
    if (isEvent(envelope, 'message_started')) this.#hear(envelope.data.messageId, envelope)
    if (isEvent(envelope, 'message_chunk')) {
      this.#hear(envelope.data.messageId, envelope)
      this.#count(envelope.data.messageId, bytes)
    }
    const completed = isEvent(envelope, 'message_completed')
      ? this.#complete(find(former, envelope.data.messageId), envelope)
      : undefined
    this.#forgetClosed()
    return completed
  }

  /** No message and no run is open here, and the question before it is not waiting for its run. */
  get isBetween(): boolean {
    const { messages, runs } = this.#state
    if (this.#isAsking) return false
    if (runs.some((run) => run.endOffset === null && !this.#abandoned.has(run.offset))) return false
    return !messages.some(({ status, offset }) => status === 'streaming' && !this.#abandoned.has(offset))
  }

  /** What is open here and belongs to no open run that was announced: only silence can tell that it ended. */
  get unowned(): readonly Unowned[] {
    const { messages, runs } = this.#state
    const open = new Set(
      runs.flatMap(({ id, endOffset }) => (endOffset === null && id !== RUNLESS ? [id] : [])),
    )
    const runless = runs.filter(({ id, endOffset }) => endOffset === null && id === RUNLESS)
    return [
      ...messages
        .filter(({ status, runId }) => status === 'streaming' && !open.has(runId ?? RUNLESS))
        .map(({ offset, createdAt }) => ({ offset, lastAt: this.#heard.get(offset) ?? createdAt })),
      ...runless.map(({ offset, queuedAt, agents, inputs }) => {
        const times = [
          ...agents.map(({ updatedAt }) => updatedAt),
          ...inputs.map(({ requestedAt }) => requestedAt),
        ]
        return { offset, lastAt: Math.max(queuedAt, ...times) }
      }),
    ]
  }

  #hear(messageId: string, { timestamp }: Envelope): void {
    const message = find(this.#state, messageId)
    if (message !== undefined) this.#heard.set(message.offset, timestamp)
  }

  #count(messageId: string, bytes: number): void {
    const message = find(this.#state, messageId)
    if (message === undefined) return
    const counted = this.#chunks.get(message.offset) ?? NO_CHUNKS
    this.#chunks.set(message.offset, { events: counted.events + 1, bytes: counted.bytes + bytes })
  }

  #complete(message: Message | undefined, { timestamp }: Envelope): Completed | undefined {
    const end = this.#state.position?.offset
    if (message === undefined || end === undefined) return undefined
    const chunks = this.#chunks.get(message.offset) ?? NO_CHUNKS
    return { messageId: message.id, begin: message.offset, end, timestamp, chunks }
  }

  #forgetClosed(): void {
    if (this.#state.messages.length < 16 && !this.isBetween) return
    this.#state = windowConversation(this.#state, 0)
    const open = new Set(this.#state.messages.map((message) => message.offset))
    for (const begin of this.#chunks.keys()) if (!open.has(begin)) this.#chunks.delete(begin)
    for (const begin of this.#heard.keys()) if (!open.has(begin)) this.#heard.delete(begin)
  }
}

function find({ messages }: ConversationState, id: string): Message | undefined {
  return messages.find((message) => message.id === id && message.status === 'streaming')
}
