import type { Activity, ChatStatus, OutgoingMessage, SendOptions, Session } from '@throughline/client'
import type { Message, Run, StreamErrorCode } from '@throughline/protocol'
import { useMemo } from 'react'
import { useStreamClient } from './provider.tsx'
import { useSelected } from './use-selected.ts'

/** How a conversation is watched. */
export interface UseConversationOptions {
  /** Default `true`. Otherwise what is known is shown and nothing is opened. */
  readonly enabled?: boolean
}

/** What a person may do in a conversation; the same functions for as long as the session is the same. */
export interface ConversationActions {
  /** Shows the message at once; rejects with a `StreamError` when the server refuses it. */
  readonly sendMessage: (message: string | SendOptions) => ReturnType<Session['send']>
  readonly retry: Session['retry']
  readonly discard: Session['discard']
  readonly stop: Session['stop']
  readonly regenerate: Session['regenerate']
  readonly edit: Session['edit']
  readonly continueRun: Session['continueRun']
  readonly resolve: Session['resolve']
  readonly steer: Session['steer']
  readonly selectBranch: Session['selectBranch']
  readonly siblings: Session['siblings']
  readonly loadOlder: Session['loadOlder']
}

/** A conversation as it is shown, and what can be done in it. */
export interface Conversation extends ConversationActions {
  /** The branch shown. A message that did not change is the same object. */
  readonly messages: readonly Message[]
  readonly status: ChatStatus
  readonly loaded: boolean
  readonly hasOlder: boolean
  readonly title: string
  readonly archived: boolean
  /** Every run held, in the order they were asked for. */
  readonly runs: readonly Run[]
  /** Messages on their way or refused; they are among `messages`, too. */
  readonly outgoing: readonly OutgoingMessage[]
  /** Who is typing or thinking. */
  readonly activity: readonly Activity[]
  /** Why the hub no longer serves this session. */
  readonly closed: StreamErrorCode | null
}

/** A conversation and what can be done in it. Its connection is another thing: `useConnection`. */
export function useConversation(sessionId: string, options: UseConversationOptions = {}): Conversation {
  const session = useStreamClient().session(sessionId)
  const snapshot = useSelected({ source: session, enabled: options.enabled ?? true, select: itself })
  const actions = useMemo(() => conversationActions(session), [session])
  return useMemo(() => {
    const { branch, status, loaded, hasOlder, outgoing, activity, closed, conversation } = snapshot
    const { title, archived, runs } = conversation
    return {
      ...actions,
      messages: branch,
      status,
      loaded,
      hasOlder,
      title,
      archived,
      runs,
      outgoing,
      activity,
      closed,
    }
  }, [actions, snapshot])
}

function conversationActions({ send, ...session }: Session): ConversationActions {
  return {
    ...session,
    sendMessage: (message) => send(typeof message === 'string' ? { content: message } : message),
  }
}

function itself<T>(value: T): T {
  return value
}
