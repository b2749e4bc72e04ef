import { openEnvelope, type EventLog, type LogPage } from '@throughline/log'
import {
  REDUCER_VERSION,
  SNAPSHOT_MESSAGES,
  StreamError,
  formatCursor,
  initialConversation,
  parseSnapshot,
  reduceConversation,
  samePosition,
  serializeSnapshot,
  snapshotParts,
  windowConversation,
  type ConversationState,
  type Position,
} from '@throughline/protocol'
import { encodeControl } from './control.ts'

/** A state and the place in the stream that it belongs to, which an empty one cannot tell itself. */
export interface Folded {
  readonly state: ConversationState
  readonly position: Position
}

/** A snapshot as frames, the `id` on the last. */
export interface EncodedSnapshot {
  readonly position: Position
  readonly frames: readonly Uint8Array[]
}

export interface FoldOptions {
  readonly stream: string
  readonly log: EventLog
  readonly now: () => number
  readonly onError: (error: unknown, context: string) => void
}

/** Events after which the folded state is stored, so that no join reads more than these. */
export const SNAPSHOT_EVENTS = 1_000

const FOLD_ATTEMPTS = 10

/** Events folded without a pause for others. */
const FOLD_EVENTS = 500

/** What one stream adds up to: the stored snapshot and the events after it, kept up incrementally, on demand. */
export class Fold {
  readonly #options: FoldOptions
  #folded: Folded | undefined
  /** Offset of the stored snapshot. */
  #stored = 0
  #running: Promise<Folded> | undefined
  #next: Promise<Folded> | undefined
  #encoded: EncodedSnapshot | undefined
  #bytes = 0

  constructor(options: FoldOptions) {
    this.#options = options
  }

  /** About what it takes, in bytes. */
  get bytes(): number {
    return this.#bytes
  }

  /** Offset folded up to. */
  get offset(): number {
    return this.#folded?.position.offset ?? 0
  }

  /** The state at the head, not older than this call. One fold at a time; calls during it share the next. */
  latest(): Promise<Folded> {
    if (this.#running === undefined) return this.#start()
    this.#next ??= this.#running.then(
      () => this.#start(),
      () => this.#start(),
    )
    return this.#next
  }

  /** A snapshot at the head, or an earlier one when `suffices` says that it is still near enough. */
  async snapshot(suffices: (position: Position) => boolean): Promise<EncodedSnapshot> {
    if (this.#encoded !== undefined && suffices(this.#encoded.position)) return this.#encoded
    const folded = await this.latest()
    const former = this.#encoded
    if (
      former?.position.offset === folded.position.offset &&
      former.position.epoch === folded.position.epoch
    ) {
      return former
    }
    this.#encoded = this.#encode(folded)
    return this.#encoded
  }

  #start(): Promise<Folded> {
    this.#next = undefined
    this.#running = this.#catchUp().finally(() => {
      this.#running = undefined
    })
    return this.#running
  }

  async #catchUp(): Promise<Folded> {
    let start = this.#folded ?? (await this.#load())
    // Trimming may overtake any of the reads; each time all begins again with what is left.
    for (let attempt = 1; ; attempt++) {
      try {
        return await this.#foldFrom(start)
      } catch (error) {
        const isOvertaken = error instanceof StreamError && error.code === 'cursor_expired'
        if (!isOvertaken || attempt === FOLD_ATTEMPTS) throw error
        this.#folded = undefined
        start = await this.#loadOther(start)
      }
    }
  }

  async #load(): Promise<Folded | undefined> {
    const stored = await this.#options.log.driver.loadSnapshot(this.#options.stream)
    const state = stored && parseSnapshot(stored.reducerVersion, stored.state)
    if (stored === undefined || state === undefined) return undefined
    this.#stored = stored.position.offset
    this.#bytes = stored.state.length
    // The text keeps the epoch it was written in; what the driver says now is what reads go by.
    return { state: { ...state, position: stored.position }, position: stored.position }
  }

  /** What is stored, unless it is where the read that failed began: trimming stores what it removes. */
  async #loadOther(failed: Folded | undefined): Promise<Folded | undefined> {
    const loaded = await this.#load()
    if (loaded === undefined || failed === undefined) return loaded
    return samePosition(loaded.position, failed.position) ? undefined : loaded
  }

  async #foldFrom(start: Folded | undefined): Promise<Folded> {
    const { log, stream } = this.#options
    let state = start?.state ?? initialConversation(stream)
    let position = start?.position
    if (position === undefined) this.#stored = this.#bytes = 0
    for (;;) {
      const page = await log.read(stream, position ?? 'start', { maxEvents: FOLD_EVENTS })
      if (state.position === null) state = beginAt(state, page)
      state = reduceConversation(
        state,
        page.events.map((event) => openEnvelope(event, page.epoch)),
      )
      if (state.messages.length > 2 * SNAPSHOT_MESSAGES) state = windowConversation(state)
      for (const { body } of page.events) this.#bytes += body.length
      const last = page.events[page.events.length - 1]
      position = last === undefined ? (position ?? page.head) : { epoch: page.epoch, offset: last.offset }
      this.#folded = { state, position }
      if (last === undefined || last.offset >= page.head.offset) break
    }
    if (position.offset - this.#stored >= SNAPSHOT_EVENTS) await this.#store(this.#folded)
    return this.#folded
  }

  async #store({ state, position }: Folded): Promise<void> {
    const { log, stream, onError } = this.#options
    this.#stored = position.offset
    const text = serializeSnapshot(windowConversation(state))
    this.#bytes = text.length
    try {
      const snapshot = { position, reducerVersion: REDUCER_VERSION, state: text }
      // Every node that folds the stream comes by here: one of them is enough.
      await log.driver.saveSnapshot(stream, snapshot, { apart: SNAPSHOT_EVENTS / 2 })
    } catch (error) {
      onError(error, `saving a snapshot of ${stream}`)
    }
  }

  #encode({ state, position }: Folded): EncodedSnapshot {
    const text = serializeSnapshot(windowConversation(state))
    const parts = snapshotParts(text)
    const scope = { sessionId: this.#options.stream, timestamp: this.#options.now() }
    const frames = parts.map((part, index) =>
      encodeControl(
        'snapshot',
        { part: index + 1, parts: parts.length, reducerVersion: REDUCER_VERSION, state: part },
        index === parts.length - 1 ? { ...scope, id: formatCursor(position) } : scope,
      ),
    )
    this.#bytes = text.length * 2
    return { position, frames }
  }
}

/** An empty state where the page begins: what came before it may have been trimmed. */
function beginAt(state: ConversationState, { epoch, events: [first] }: LogPage): ConversationState {
  const offset = first === undefined ? 0 : (first.prev ?? first.offset - 1)
  return offset === 0 ? state : { ...state, position: { epoch, offset }, hasOlder: true }
}
