import { foldConversation } from './conversation-fold.ts'
import type { EventRules } from './conversation-fold.ts'
import type { ConversationState } from './conversation-state.ts'
import type { Envelope } from './envelope.ts'
import { isControlType, readKnown } from './event-schema.ts'
import { agentReducers } from './reduce-agent.ts'
import { sessionReducers } from './reduce-session.ts'
import { workReducers } from './reduce-work.ts'

/** The protocol's own rules, which `reduceConversation` folds by. */
export const EVENT_RULES: EventRules = {
  isControlType,
  readKnown,
  reducers: { ...agentReducers, ...sessionReducers, ...workReducers },
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
  return foldConversation(state, events, EVENT_RULES)
}
