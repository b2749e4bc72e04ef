import { REDUCER_VERSION, serializeSnapshot, windowConversation } from '@throughline/protocol'
import type { Cursor, Envelope } from '@throughline/protocol'
import type { CarriedState } from '../client/carrier.ts'

/** What a tab that stands at `after` needs to stand where the leader does, as a hub would have sent it. */
export function bringUp(
  { head, conversation }: CarriedState,
  after: Cursor | undefined,
): readonly Envelope[] {
  const scope = { timestamp: conversation.updatedAt, sessionId: conversation.sessionId }
  const caughtUp: Envelope = { ...scope, type: 'caught_up', data: { head } }
  if (after === head) return [caughtUp]
  const state = serializeSnapshot(windowConversation(conversation))
  const data = { part: 1, parts: 1, reducerVersion: REDUCER_VERSION, state }
  return [{ ...scope, id: head, type: 'snapshot', data }, caughtUp]
}
