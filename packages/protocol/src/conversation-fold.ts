import { editConversation } from './conversation-edit.ts'
import type { ConversationEdit, Reducers } from './conversation-edit.ts'
import type { ConversationState } from './conversation-state.ts'
import { parseCursor } from './cursor.ts'
import type { Envelope, KnownEnvelope } from './envelope.ts'
import type { Position } from './position.ts'
import { bridgeMessages, messageReducers } from './reduce-message.ts'
import { runReducers } from './reduce-run.ts'
import { StreamError } from './stream-error.ts'

/**
 * What a fold has to be told about events: how their types are read, and what is told within a run.
 *
 * Handed in and not imported, so that a page can load it beside its first request.
 */
export interface EventRules {
  /** Whether events of this type are about the stream itself, and no part of it. */
  readonly isControlType: (type: string) => boolean
  /** The event by the name and with the data that its type has; `undefined` for unknown types and malformed data. */
  readonly readKnown: (envelope: Envelope) => KnownEnvelope | undefined
  /** Reducers beside those for the life of messages and runs. */
  readonly reducers: Partial<Reducers>
}

type Reduce = (edit: ConversationEdit, data: unknown, envelope: Envelope) => void

const REDUCERS: Partial<Reducers> = { ...messageReducers, ...runReducers }

/** The state of a session before its first event. */
export function initialConversation(sessionId: string): ConversationState {
  return {
    sessionId,
    position: null,
    title: '',
    archived: false,
    messages: [],
    runs: [],
    hasOlder: false,
    updatedAt: 0,
  }
}

/**
 * Whether `envelope` can be folded at `position` without a loss: same epoch and `(prev ?? offset - 1) <=
 * position.offset`. PROTOCOL.md §2. An event that was folded already is contiguous, so is one without an id.
 */
export function isContiguous(position: Position | null, envelope: Pick<Envelope, 'id' | 'prev'>): boolean {
  if (envelope.id === undefined) return true
  const at = parseCursor(envelope.id)
  return at !== undefined && follows(position, at, envelope.prev)
}

function follows(last: Position | null, at: Position, prev = at.offset - 1): boolean {
  return last === null ? prev <= 0 : last.epoch === at.epoch && prev <= last.offset
}

/** `reduceConversation` by rules that are handed in. */
export function foldConversation(
  state: ConversationState,
  events: readonly Envelope[],
  rules: EventRules,
): ConversationState {
  const edit = editConversation(state)
  for (const envelope of events) {
    const { id, type, prev } = envelope
    if (id === undefined || rules.isControlType(type) || !advance(edit, id, prev)) continue
    const known = rules.readKnown(envelope)
    if (known === undefined) continue
    edit.updatedAt = known.timestamp
    // The reducer of a type takes the data of that type, which the compiler cannot see of a table.
    const reduce = (REDUCERS[known.type] ?? rules.reducers[known.type]) as Reduce | undefined
    reduce?.(edit, known.data, known)
  }
  const { offset, ...folded } = edit
  if (offset === state.position?.offset || folded.position === null) return state
  return { ...folded, messages: edit.messages.entries(), runs: edit.runs.entries() }
}

/** Moves to the event's position; `false` when it was folded before. */
function advance(edit: ConversationEdit, id: string, prev: number | undefined): boolean {
  const at = parseCursor(id)
  if (at === undefined || !follows(edit.position, at, prev)) {
    throw new StreamError('cursor_expired', `Events are missing before ${id}: join again`)
  }
  if (at.offset <= edit.offset) return false
  if (at.offset - 1 > edit.offset) bridgeMessages(edit)
  edit.position = at
  edit.offset = at.offset
  return true
}
