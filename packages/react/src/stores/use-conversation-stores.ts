import type { Session, Unsubscribe } from '@throughline/client'
import { useEffect } from 'react'
import { useStreamClient } from '../provider.tsx'
import { foldedConversation } from './folded-conversation.ts'
import { useSessionStore } from './session-store.ts'

/** Keeps `useChatStore`, `useAgentStore` and `useSessionStore` on this session, one at a time, while mounted. */
export function useConversationStores(sessionId: string): void {
  const session = useStreamClient().session(sessionId)
  useEffect(() => bindConversationStores(session), [session])
}

/** The same without React. The session is carried until the returned function is called. */
export function bindConversationStores(session: Session): Unsubscribe {
  const copy = (): void => {
    const { conversation, activity } = session.getSnapshot()
    foldedConversation.setState({ conversation, isTyping: activity.some(({ kind }) => kind === 'typing') })
  }
  const { setCurrentSession, updateLastActivity } = useSessionStore.getState()
  setCurrentSession(session.id)
  copy()
  const leave = session.subscribe(copy)
  const forget = session.on('message_completed', ({ timestamp }) => {
    updateLastActivity(session.id, timestamp)
  })
  return () => {
    leave()
    forget()
  }
}
