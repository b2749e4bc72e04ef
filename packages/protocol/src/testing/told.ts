import { initialConversation } from '../conversation-fold.ts'
import { reduceConversation } from '../conversation-reducer.ts'
import type { Agent, ConversationState, Message, Run } from '../conversation-state.ts'
import type { Envelope, EventScope } from '../envelope.ts'
import type { EventData, KnownEventType } from '../events.ts'

/** Epoch of every test's stream. */
export const EPOCH = 'abcdefgh'

/** An event as a test writes it; its offset is the next, unless given. */
export interface Told extends EventScope {
  readonly type: string
  readonly data: unknown
  readonly offset?: number
  readonly prev?: number
}

/** An event of a known type. */
export function tell<T extends KnownEventType>(type: T, data: EventData[T], more: Partial<Told> = {}): Told {
  return { type, data, ...more }
}

/** Events as they come, one second apart. */
export function envelopes(told: readonly Told[], after = 0): Envelope[] {
  return told.map(({ offset, ...event }, index) => {
    const at = offset ?? after + index + 1
    return { ...event, id: `${EPOCH}-${String(at)}`, timestamp: at * 1000, sessionId: 's' }
  })
}

/** Folds what was told, after what `from` holds. */
export function fold(told: readonly Told[], from = initialConversation('s')): ConversationState {
  return reduceConversation(from, envelopes(told, from.position?.offset))
}

/** A message that is held. */
export const held = (state: ConversationState, id: string): Message | undefined =>
  state.messages.find((message) => message.id === id)
/** A run that is held. */
export const run = (state: ConversationState, id: string): Run | undefined =>
  state.runs.find((one) => one.id === id)
/** An agent of a run. */
export const agent = (state: ConversationState, runId: string, id: string): Agent | undefined =>
  run(state, runId)?.agents.find((one) => one.id === id)

/** A question, and the run that is to answer it. */
export const asked = [
  tell('user_message', { messageId: 'u1', content: 'Why?\nTell me.' }, { parentId: null }),
  tell('run_queued', { runId: 'r1', kind: 'message', messageId: 'u1' }),
]
/** The run has begun and its answer `m1` is open. */
export const begun = [
  ...asked,
  tell('run_started', { runId: 'r1', attempt: 1, kind: 'message' }),
  tell(
    'message_started',
    { messageId: 'm1', role: 'assistant', agentId: 'writer' },
    { runId: 'r1', parentId: 'u1' },
  ),
]
/** A delta. */
export const chunk = (content: string, messageId = 'm1'): Told =>
  tell('message_chunk', { messageId, content, isComplete: false })
/** The end of a message with its whole text. */
export const completed = (finalContent: string, messageId = 'm1'): Told =>
  tell('message_completed', { messageId, sessionId: 's', finalContent })
/** How far an agent is. */
export const progress = (
  agentId: string,
  change: Partial<EventData['agent_progress']> = {},
  more = {},
): Told =>
  tell(
    'agent_progress',
    {
      agentId,
      agentName: agentId,
      status: 'working',
      progress: 10,
      currentTask: 'reading',
      estimatedTimeRemaining: null,
      ...change,
    },
    more,
  )
