// @vitest-environment happy-dom
import { MessageHandler, SSEManager } from '@throughline/client/sse'
import { MockEventSource, createFakeEnvironment } from '@throughline/client/testing'
import { cleanup, renderHook } from '@testing-library/react'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createWorld } from '../testing/world.tsx'
import { useSession } from '../use-session.ts'
import { useAgentStore } from './agent-store.ts'
import { useChatStore } from './chat-store.ts'
import { resetFoldedConversation } from './folded-conversation.ts'
import { useSessionStore } from './session-store.ts'
import { useConversationStores } from './use-conversation-stores.ts'

beforeEach(resetFoldedConversation)
afterEach(cleanup)

describe('the specification’s stores', () => {
  it('handles agent progress messages correctly', async () => {
    const environment = createFakeEnvironment()
    const manager = new SSEManager({}, { eventSource: MockEventSource, environment })
    const handler = new MessageHandler({ agents: useAgentStore.getState(), chat: useChatStore.getState() })
    manager.on('message', (message) => {
      handler.handle(message)
    })
    manager.connect('s1').catch(() => undefined)
    await environment.advance(0)
    MockEventSource.last.simulate('agent_progress', {
      agentId: 'agent_1',
      agentName: 'Researcher',
      status: 'working',
      progress: 50,
      currentTask: 'reading',
      estimatedTimeRemaining: null,
    })
    await environment.advance(100)
    expect(useAgentStore.getState().agents['agent_1']?.progress).toBe(50)
    expect(useAgentStore.getState().agentProgress).toHaveLength(1)
    manager.cleanup()
  })

  it('actions fold: chunks are deltas, completion carries the whole text, progress stays within 0–100', () => {
    const chat = useChatStore.getState()
    chat.updateMessageChunk('m1', 'Hel', false)
    chat.updateMessageChunk('m1', 'lo', true)
    expect(useChatStore.getState().messages).toMatchObject([
      { id: 'm1', content: 'Hello', status: 'streaming' },
    ])
    chat.completeMessage('m1', 'Hello!')
    expect(useChatStore.getState().messages[0]).toMatchObject({ content: 'Hello!', status: 'complete' })
    chat.setTyping(true)
    expect(useChatStore.getState().isTyping).toBe(true)
    useAgentStore.getState().updateAgentProgress('a1', { progress: 900, lastUpdate: new Date(5) })
    expect(useAgentStore.getState().agents['a1']).toMatchObject({ progress: 100, updatedAt: 5 })
    useSessionStore.getState().updateLastActivity('s1', 7)
    expect(useSessionStore.getState().lastActivity['s1']).toBe(7)
  })

  it('show the bound session: one folded state, not a second one', async () => {
    const { wrapper, advance, startAnswer, chunk, hub, client } = createWorld()
    const { result, unmount } = renderHook(
      () => {
        useConversationStores('s1')
        return [useSession().currentSessionId, useChatStore((store) => store.messages)] as const
      },
      { wrapper },
    )
    await advance(500)
    startAnswer('m1')
    chunk('m1', 'text')
    hub.signal('s1', 'typing_indicator', { isTyping: true })
    await advance(100)
    expect(result.current[0]).toBe('s1')
    expect(result.current[1]).toBe(client.session('s1').getSnapshot().conversation.messages)
    expect(useChatStore.getState().isTyping).toBe(true)
    hub.append('s1', {
      type: 'message_completed',
      data: { messageId: 'm1', sessionId: 's1', finalContent: 'text' },
    })
    await advance(100)
    expect(useSessionStore.getState().lastActivity['s1']).toBeGreaterThan(0)
    unmount()
    chunk('m1', 'after')
    await advance(100)
    expect(useChatStore.getState().messages[0]?.content).toBe('text')
  })
})
