import type { ConversationState, Message, Run } from './conversation-state.ts'
import type { Envelope } from './envelope.ts'
import type { EventData, KnownEventType } from './events.ts'
import { editList } from './list-edit.ts'
import type { ListEdit } from './list-edit.ts'
import type { Position } from './position.ts'

/** A conversation while a batch of events is folded into it. */
export interface ConversationEdit {
  readonly sessionId: string
  readonly messages: ListEdit<Message>
  readonly runs: ListEdit<Run>
  /** Of the event being folded. */
  position: Position | null
  offset: number
  title: string
  archived: boolean
  hasOlder: boolean
  /** When the event being folded happened. */
  updatedAt: number
}

/** How each type of event, its data checked, changes a conversation. */
export type Reducers = {
  readonly [T in KnownEventType]: (edit: ConversationEdit, data: EventData[T], envelope: Envelope) => void
}

/** Whether more is to come for this message. */
export function isStreaming(message: Message): boolean {
  return message.status === 'streaming'
}

/** Whether this run has not ended. */
export function isOpenRun(run: Run): boolean {
  return run.endOffset === null
}

/** Begins to change a conversation; `state` stays as it is. */
export function editConversation(state: ConversationState): ConversationEdit {
  return {
    ...state,
    messages: editList(state.messages, isStreaming),
    runs: editList(state.runs, isOpenRun),
    offset: state.position?.offset ?? 0,
  }
}
