import { formatCursor, initialConversation, reduceConversation } from '@throughline/protocol'
import type { ConversationState, EventData, KnownEventType } from '@throughline/protocol'
import { createStore } from 'zustand/vanilla'

/** The one state behind the specification's three stores. */
export interface FoldedConversation {
  readonly conversation: ConversationState
  readonly isTyping: boolean
}

const initial = (): FoldedConversation => ({
  conversation: initialConversation('local'),
  isTyping: false,
})

/** The state that the three stores show; actions and bound sessions write it. */
export const foldedConversation = createStore<FoldedConversation>(initial)

/** Forgets everything: another person signed in, or another test begins. */
export function resetFoldedConversation(): void {
  foldedConversation.setState(initial())
}

/** An event that no hub has written. */
export interface LocalEvent<T extends KnownEventType> {
  readonly type: T
  readonly data: EventData[T]
  readonly timestamp?: number
}

/** Folds something that did not come from a stream on top; the next flush of a bound session replaces it. */
export function foldLocally<T extends KnownEventType>({
  type,
  data,
  timestamp = Date.now(),
}: LocalEvent<T>): void {
  foldedConversation.setState(({ conversation }) => {
    const { epoch, offset } = conversation.position ?? { epoch: 'local000', offset: 0 }
    const id = formatCursor({ epoch, offset: offset + 1 })
    const event = { id, type, data, timestamp, sessionId: conversation.sessionId }
    return { conversation: reduceConversation(conversation, [event]) }
  })
}
