import {
  REDUCER_VERSION,
  formatCursor,
  initialConversation,
  reduceConversation,
  serializeSnapshot,
  snapshotParts,
  windowConversation,
} from '@throughline/protocol'
import type { ControlData, ConversationState, Draft, Envelope, Position } from '@throughline/protocol'

/** One session's log as a hub keeps it: events after a place, or a snapshot and the events after that. */
export class FakeStream {
  readonly sessionId: string
  archived = false
  deleted = false
  createdAt: number
  #epoch: string
  #events: Envelope[] = []
  #state: ConversationState
  /** Offset that the log was trimmed to. */
  #trimmed = 0

  constructor(sessionId: string, epoch: string, now: number) {
    this.sessionId = sessionId
    this.#epoch = epoch
    this.createdAt = now
    this.#state = initialConversation(sessionId)
  }

  get #offset(): number {
    return this.#state.position?.offset ?? 0
  }

  get cursor(): string {
    return formatCursor({ epoch: this.#epoch, offset: this.#offset })
  }

  /** The fold of everything: what every reader must end up with. */
  get state(): ConversationState {
    return this.#state
  }

  append(draft: Draft, timestamp: number): Envelope {
    const id = formatCursor({ epoch: this.#epoch, offset: this.#offset + 1 })
    const event: Envelope = { id, timestamp, sessionId: this.sessionId, ...draft }
    this.#events.push(event)
    this.#state = reduceConversation(this.#state, [event])
    return event
  }

  /** Begins another life: the same conversation under a new epoch, from which nothing can be continued. */
  restart(epoch: string): void {
    this.#epoch = epoch
    this.#events = []
    this.#state = { ...this.#state, position: { epoch, offset: this.#offset } }
    this.#trimmed = this.#offset
  }

  /** Removes everything up to the head from the log; only a snapshot leads there. */
  trim(): void {
    this.#trimmed = this.#offset
    this.#events = []
  }

  /** Events after `position`; `undefined` when they cannot be told without a gap. */
  after({ epoch, offset }: Position): readonly Envelope[] | undefined {
    if (epoch !== this.#epoch || offset > this.#offset || offset < this.#trimmed) return undefined
    return this.#events.slice(offset - this.#trimmed)
  }

  /** What a reader without a place gets first. */
  snapshot(timestamp: number): readonly Envelope<'snapshot', ControlData['snapshot']>[] {
    const slices = snapshotParts(serializeSnapshot(windowConversation(this.#state)))
    return slices.map((state, at) => ({
      ...(at === slices.length - 1 ? { id: this.cursor } : {}),
      type: 'snapshot',
      data: { part: at + 1, parts: slices.length, reducerVersion: REDUCER_VERSION, state },
      timestamp,
      sessionId: this.sessionId,
    }))
  }
}
