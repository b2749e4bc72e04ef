import type { Message } from '@throughline/protocol'
import { create } from 'zustand'
import { foldLocally, foldedConversation } from './folded-conversation.ts'

/** The specification's chat state and actions. */
export interface ChatStore {
  readonly messages: readonly Message[]
  readonly isTyping: boolean
  /** @param content a delta */
  readonly updateMessageChunk: (messageId: string, content: string, isComplete: boolean) => void
  readonly setTyping: (isTyping: boolean) => void
  readonly completeMessage: (messageId: string, finalContent: string) => void
}

/** The specification's chat store. A session bound by `useConversationStores` fills it. */
export const useChatStore = create<ChatStore>((set) => {
  foldedConversation.subscribe(({ conversation: { messages }, isTyping }) => {
    set({ messages, isTyping })
  })
  return {
    messages: foldedConversation.getState().conversation.messages,
    isTyping: false,
    updateMessageChunk: (messageId, content, isComplete) => {
      begin(messageId)
      foldLocally({ type: 'message_chunk', data: { messageId, content, isComplete } })
    },
    setTyping: (isTyping) => {
      foldedConversation.setState({ isTyping })
    },
    completeMessage: (messageId, finalContent) => {
      begin(messageId)
      const { sessionId } = foldedConversation.getState().conversation
      foldLocally({ type: 'message_completed', data: { messageId, sessionId, finalContent } })
    },
  }
})

function begin(messageId: string): void {
  if (foldedConversation.getState().conversation.messages.some(({ id }) => id === messageId)) return
  foldLocally({ type: 'message_started', data: { messageId, role: 'assistant' } })
}
