import {
  REDUCER_VERSION,
  SNAPSHOT_MESSAGES,
  foldConversation,
  formatCursor,
  initialConversation,
  isContiguous,
  parseCursor,
} from '@throughline/protocol'
import type {
  ControlData,
  ConversationState,
  Cursor,
  Envelope,
  Message,
  Position,
  StreamErrorCode,
} from '@throughline/protocol'
import { reader } from '../reading/load-reader.ts'
import { lapse, reduceActivity } from './activity.ts'
import type { TimedActivity } from './activity.ts'
import type { hold as Hold } from './hold.ts'
import { rejoin } from './rejoin.ts'

/** Diverged messages remembered as already joined anew for. */
const MAX_HEALED = 256
/** Parts of one snapshot that are held. */
const MAX_PARTS = 256

/**
 * What became of an event that was received: it is new, it was told before, it came while a snapshot is awaited, or one
 * before it is missing and the cursor was dropped.
 */
export type Receipt = 'new' | 'repeated' | 'useless' | 'lost'

let hold: typeof Hold | undefined
let loading: Promise<void> | undefined

/** Few sessions get so long that some of it has to be let go of. */
function loadHold(): void {
  loading ??= import('./hold.ts').then(
    (module) => {
      hold = module.hold
    },
    () => {
      // Once more at the next fold.
      loading = undefined
    },
  )
}

/** What a session's events add up to, as of the last fold. */
export interface Folded {
  readonly conversation: ConversationState
  readonly older: readonly Message[]
  readonly activity: readonly TimedActivity[]
  readonly loaded: boolean
  readonly closed: StreamErrorCode | null
}

/** Takes one session's events, sees that none is lost or doubled, and folds them a batch at a time. */
export class SessionStore {
  readonly sessionId: string
  #folded: Folded
  /** Received, in order, and not folded yet. */
  #queue: Envelope[] = []
  /** The last event received. */
  #last: Position | null = null
  /** The cursor was dropped: nothing but a snapshot is of use. */
  #forgotten = false
  #parts: ControlData['snapshot'][] = []
  readonly #healed = new Set<string>()

  constructor(sessionId: string) {
    this.sessionId = sessionId
    this.#folded = nothingFolded(sessionId)
  }

  get folded(): Folded {
    return this.#folded
  }

  /** Where to go on from: what was folded, never what was merely received. */
  cursor(): Cursor | undefined {
    const { position } = this.#folded.conversation
    return this.#forgotten || position === null ? undefined : formatCursor(position)
  }

  /** Takes an event, and says what became of it. */
  receive(envelope: Envelope): Receipt {
    if (reader.isEvent(envelope, 'snapshot')) return this.#takePart(envelope.data, envelope.id)
    if (reader.isEvent(envelope, 'caught_up')) {
      this.#change({ loaded: true })
      return this.expect(envelope.data.head) ? 'new' : 'lost'
    }
    if (reader.isEvent(envelope, 'session_closed')) {
      const { code } = envelope.data
      this.#change({ closed: reader.isStreamErrorCode(code) ? code : 'stream_closed' })
    }
    if (envelope.type === 'reset') this.forget()
    else if (envelope.id !== undefined) return this.#takeStored(envelope, envelope.id)
    else this.#queue.push(envelope)
    return 'new'
  }

  /** Whether everything up to `head` was received; otherwise the cursor is dropped. */
  expect(head: Cursor): boolean {
    const at = parseCursor(head)
    const isHere = at === undefined || (at.epoch === this.#last?.epoch && at.offset <= this.#last.offset)
    if (!isHere) this.forget()
    return isHere
  }

  /** Drops the cursor. What is shown stays until a snapshot takes its place. */
  forget(): void {
    this.#forgotten = true
    this.#last = null
    this.#queue = []
    this.#parts = []
  }

  /** Folds what was received. Answers it, and whether the result says that something was lost. */
  fold(now: number): { readonly events: readonly Envelope[]; readonly intact: boolean } {
    const events = this.#queue
    this.#queue = []
    let { conversation, activity } = this.#folded
    activity = lapse(activity, now)
    for (const event of events) activity = reduceActivity(activity, event, now)
    try {
      if (events.length > 0) conversation = foldConversation(conversation, events, reader.EVENT_RULES)
    } catch {
      this.forget()
      return { events: [], intact: false }
    }
    const { older } = this.#folded
    this.#change({ ...(hold?.({ conversation, older }) ?? { conversation, older }), activity })
    if (conversation.messages.length > SNAPSHOT_MESSAGES) loadHold()
    const intact = events.length === 0 || this.#isIntact(events)
    if (!intact) this.forget()
    return { events, intact }
  }

  /** Begins from a state kept from before; `false` when something better is known. */
  restore(conversation: ConversationState): boolean {
    if (this.#folded.loaded || this.#last !== null) return false
    this.#last = conversation.position
    this.#change({ conversation, loaded: true })
    return true
  }

  /** Adds a page of older messages. */
  addOlder(page: readonly Message[], isLast: boolean): void {
    const { conversation, older } = this.#folded
    const known = new Set([...older, ...conversation.messages].map(({ id }) => id))
    const fresh = page.filter(({ id }) => !known.has(id))
    this.#change({
      older: [...fresh, ...older].sort((a, b) => a.offset - b.offset),
      conversation: isLast ? { ...conversation, hasOlder: false } : conversation,
    })
  }

  /** The hub's refusal no longer counts. */
  reopen(): void {
    this.#change({ closed: null })
  }

  /** Forgets everything, as if nothing had ever been received. */
  wipe(): void {
    this.forget()
    this.#forgotten = false
    this.#healed.clear()
    this.#folded = nothingFolded(this.sessionId)
  }

  #takeStored(envelope: Envelope, id: Cursor): Receipt {
    // Between the drop of the cursor and the snapshot nothing is of use.
    if (this.#forgotten) return 'useless'
    const at = parseCursor(id)
    if (at !== undefined && at.epoch === this.#last?.epoch && at.offset <= this.#last.offset)
      return 'repeated'
    if (at === undefined || !isContiguous(this.#last, envelope)) {
      this.forget()
      return 'lost'
    }
    this.#last = at
    this.#queue.push(envelope)
    return 'new'
  }

  #takePart(part: ControlData['snapshot'], id: Cursor | undefined): Receipt {
    if (part.part === 1) this.#parts = []
    if (this.#parts.length < MAX_PARTS) this.#parts.push(part)
    if (part.part < part.parts) return 'new'
    const text = reader.joinSnapshotParts(this.#parts)
    this.#parts = []
    const state = text === undefined ? undefined : reader.parseSnapshot(part.reducerVersion, text)
    if (state === undefined) {
      // Written by a newer reducer: this page is older than its server, and asking again would change nothing.
      if (part.reducerVersion <= REDUCER_VERSION) return 'lost'
      this.#change({ closed: 'conflict' })
      return 'useless'
    }
    const position = parseCursor(id ?? '') ?? state.position
    // Meant for another tab: here everything up to it was told already.
    const isKnown =
      position !== null && position.epoch === this.#last?.epoch && position.offset <= this.#last.offset
    if (isKnown) return 'repeated'
    this.#load({ ...state, position })
    return 'new'
  }

  #load(snapshot: ConversationState): void {
    this.#forgotten = false
    this.#queue = []
    this.#last = snapshot.position
    this.#change({ ...rejoin(this.#folded, snapshot), loaded: true })
  }

  /** A message whose text is not what was written is a reason to join anew, once. */
  #isIntact(events: readonly Envelope[]): boolean {
    const ended = new Set(
      events.filter(({ type }) => type === 'message_completed').map((event) => messageOf(event)),
    )
    if (ended.size === 0) return true
    const diverged = this.#folded.conversation.messages.filter(
      ({ id, integrity }) => integrity === 'diverged' && ended.has(id) && !this.#healed.has(id),
    )
    if (this.#healed.size > MAX_HEALED) this.#healed.clear()
    for (const { id } of diverged) this.#healed.add(id)
    return diverged.length === 0
  }

  #change(change: Partial<Folded>): void {
    const folded = { ...this.#folded, ...change }
    const isOther = Object.keys(change).some(
      (key) => Reflect.get(folded, key) !== Reflect.get(this.#folded, key),
    )
    if (isOther) this.#folded = folded
  }
}

function nothingFolded(sessionId: string): Folded {
  const conversation = initialConversation(sessionId)
  return { conversation, older: [], activity: [], loaded: false, closed: null }
}

function messageOf(event: Envelope): string {
  return reader.isEvent(event, 'message_completed') ? event.data.messageId : ''
}
