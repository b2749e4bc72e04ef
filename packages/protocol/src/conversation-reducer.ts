import { editConversation } from './conversation-edit.ts'
import type { ConversationEdit, Reducers } from './conversation-edit.ts'
import type { ConversationState } from './conversation-state.ts'
import { parseCursor } from './cursor.ts'
import type { Envelope } from './envelope.ts'
import { canonicalType, isControlType, isKnownEventType } from './event-schema.ts'
import { EVENT_SHAPES } from './event-shapes.ts'
import type { KnownEventType } from './events.ts'
import type { Position } from './position.ts'
import { agentReducers } from './reduce-agent.ts'
import { bridgeMessages, messageReducers } from './reduce-message.ts'
import { runReducers } from './reduce-run.ts'
import { fits } from './shape.ts'
import { StreamError } from './stream-error.ts'

const REDUCERS: Partial<Reducers> = {
  ...agentReducers,
  ...messageReducers,
  ...runReducers,
  session_updated(edit, data) {
    edit.title = data.title ?? edit.title
    edit.archived = data.archived ?? edit.archived
  },
}

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

/**
 * Folds events, in order, into what they add up to; pure, and the one fold of server, client, poll answers and
 * inspector.
 *
 * - Events without an id (ephemeral, control) and events already folded change nothing: with nothing else in the
 *   batch, the answer is `state` itself.
 * - Unknown types, and known types whose data is malformed, move the position and nothing more.
 * - Messages and runs that no event touched keep their identity. A batch costs one walk over what is held, plus
 *   constant work for each event.
 *
 * @throws StreamError `cursor_expired` when an event is missing or the epoch is another one: it never hides a
 * loss. Ask `isContiguous` first.
 */
export function reduceConversation(state: ConversationState, events: readonly Envelope[]): ConversationState {
  const edit = editConversation(state)
  for (const envelope of events) {
    const { id, type } = envelope
    if (id === undefined || isControlType(type) || !advance(edit, id, envelope.prev)) continue
    reduceEvent(edit, canonicalType(type), envelope)
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

function reduceEvent(edit: ConversationEdit, type: string, envelope: Envelope): void {
  const { data, timestamp } = envelope
  const reduceAs = <T extends KnownEventType>(known: T, reduce: Reducers[T] | undefined): void => {
    if (!fits(EVENT_SHAPES[known], data)) return
    edit.updatedAt = timestamp
    reduce?.(edit, data, envelope)
  }
  if (isKnownEventType(type)) reduceAs(type, REDUCERS[type])
}
