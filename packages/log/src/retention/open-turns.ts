import {
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

const NO_CHUNKS = { events: 0, bytes: 0 }

/** What is open at a place of a stream, by the fold that everybody else folds with. */
export class OpenTurns {
  #state: ConversationState
  /** By the offset that began the message. */
  readonly #chunks = new Map<number, { readonly events: number; readonly bytes: number }>()
  #isAsking = false

  /** `after`: a place where nothing is open. */
  constructor(stream: string, after: Position) {
    this.#state = { ...initialConversation(stream), position: after }
  }

  /** Folds the next event; answers the message that it completed. */
  take(envelope: Envelope, bytes: number): Completed | undefined {
    const former = this.#state
    this.#state = reduceConversation(former, [envelope])
    this.#isAsking = envelope.type === 'user_message'
    if (isEvent(envelope, 'message_chunk')) this.#count(envelope.data.messageId, bytes)
    const completed = isEvent(envelope, 'message_completed')
      ? this.#complete(find(former, envelope.data.messageId), envelope)
      : undefined
    this.#forgetClosed()
    return completed
  }

  /** No message and no run is open here, and the question before it is not waiting for its run. */
  get isBetween(): boolean {
    const { messages, runs } = this.#state
    if (this.#isAsking || runs.some((run) => run.endOffset === null)) return false
    return !messages.some((message) => message.status === 'streaming')
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
  }
}

function find({ messages }: ConversationState, id: string): Message | undefined {
  return messages.find((message) => message.id === id && message.status === 'streaming')
}
