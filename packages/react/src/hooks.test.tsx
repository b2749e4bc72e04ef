// @vitest-environment happy-dom
import { act, cleanup, render, renderHook } from '@testing-library/react'
import type { Message } from '@throughline/protocol'
import { StrictMode, memo } from 'react'
import { afterEach, describe, expect, it } from 'vitest'
import { useStreamClient } from './provider.tsx'
import { createWorld } from './testing/world.tsx'
import { useAgent, useAgents } from './use-agents.ts'
import { useConnection } from './use-connection.ts'
import { useConversation } from './use-conversation.ts'
import { useMessageText } from './use-message-text.ts'
import { useOutbox } from './use-outbox.ts'
import { useStreamEvent } from './use-stream-event.ts'

afterEach(cleanup)

interface RowProps {
  readonly message: Message
  readonly siblings: readonly string[]
}

describe('useConversation', () => {
  it('a token renders one row', async () => {
    const { wrapper: Wrapper, advance, startAnswer, chunk, hub } = createWorld()
    const renders = new Map<string, number>()
    const Row = memo(function Row({ message }: RowProps) {
      renders.set(message.id, (renders.get(message.id) ?? 0) + 1)
      return <li>{message.content}</li>
    })
    function List() {
      const { messages, siblings } = useConversation('s1')
      return (
        <ul>
          {messages.map((message) => (
            <Row key={message.id} message={message} siblings={siblings(message.id)} />
          ))}
        </ul>
      )
    }
    for (let at = 0; at < 20; at++) {
      const parentId = at === 0 ? null : `m${String(at - 1)}`
      hub.append('s1', {
        type: 'user_message',
        data: { messageId: `m${String(at)}`, content: 'x' },
        parentId,
      })
    }
    startAnswer('answer')
    const { container } = render(<List />, { wrapper: Wrapper })
    await advance(500)
    const before = new Map(renders)
    expect(before.size).toBe(21)
    for (let at = 0; at < 10; at++) {
      chunk('answer', `${String(at)} `)
      await advance(50)
    }
    expect(container.querySelector('li:last-child')?.textContent).toBe('0 1 2 3 4 5 6 7 8 9 ')
    const more = [...renders].filter(([id, count]) => count !== before.get(id))
    expect(more.map(([id]) => id)).toEqual(['answer'])
    expect((renders.get('answer') ?? 0) - (before.get('answer') ?? 0)).toBe(10)
  })

  it('a burst of tokens renders once a flush', async () => {
    const { wrapper, advance, startAnswer, chunk } = createWorld()
    let renders = 0
    const { result } = renderHook(() => (renders++, useConversation('s1')), { wrapper })
    await advance(500)
    startAnswer('m1')
    await advance(100)
    const before = renders
    for (let at = 0; at < 500; at++) chunk('m1', '.')
    await advance(100)
    expect(result.current.messages[0]?.content).toHaveLength(500)
    expect(renders - before).toBeLessThanOrEqual(2)
  })

  it('is ready, submitted, streaming and ready again', async () => {
    const { wrapper, advance, hub } = createWorld()
    const { result } = renderHook(() => useConversation('s1'), { wrapper })
    await advance(500)
    expect([result.current.status, result.current.loaded]).toEqual(['ready', true])
    const { sendMessage } = result.current
    let messageId = ''
    await act(async () => {
      const sent = sendMessage('hello')
      expect(hub.stream('s1').state.messages).toEqual([])
      messageId = await sent.then((accepted) => accepted.messageId)
    })
    expect(result.current.messages.map(({ content }) => content)).toEqual(['hello'])
    expect(result.current.status).toBe('submitted')
    const runId = `run-${messageId}`
    hub.append('s1', { type: 'run_started', data: { runId, kind: 'message', attempt: 1 }, runId })
    await advance(50)
    expect(result.current.status).toBe('streaming')
    hub.append('s1', { type: 'run_completed', data: { runId, status: 'completed' }, runId })
    await advance(50)
    expect(result.current.status).toBe('ready')
    expect(result.current.sendMessage).toBe(sendMessage)
  })

  it('opens nothing while it is not enabled', async () => {
    const { wrapper, advance, hub } = createWorld()
    const { rerender } = renderHook(({ enabled }) => useConversation('s1', { enabled }), {
      wrapper,
      initialProps: { enabled: false },
    })
    await advance(500)
    expect(hub.requests).toEqual([])
    rerender({ enabled: true })
    await advance(500)
    expect(hub.requests).toHaveLength(1)
  })

  it('StrictMode and remounting keep one stream', async () => {
    const { wrapper: Wrapper, advance, hub } = createWorld()
    function View() {
      useConversation('s1')
      useAgents('s1')
      return null
    }
    const view = (
      <StrictMode>
        <Wrapper>
          <View />
        </Wrapper>
      </StrictMode>
    )
    const first = render(view)
    await advance(500)
    first.unmount()
    render(view)
    await advance(500)
    expect([hub.requests.length, hub.readers]).toEqual([1, 1])
  })

  it('another session is another conversation over the same connection', async () => {
    const { wrapper, advance, hub } = createWorld()
    hub.append('s2', { type: 'session_updated', data: { title: 'two' } })
    const { result, rerender } = renderHook(({ id }) => useConversation(id), {
      wrapper,
      initialProps: { id: 's1' },
    })
    await advance(500)
    const { sendMessage } = result.current
    rerender({ id: 's2' })
    await advance(500)
    expect(result.current.title).toBe('two')
    expect(result.current.sendMessage).not.toBe(sendMessage)
    expect(hub.readers).toBe(1)
  })
})

describe('parts of a session', () => {
  it('useMessageText renders for its message only', async () => {
    const { wrapper, advance, startAnswer, chunk } = createWorld()
    let renders = 0
    const { result } = renderHook(() => (renders++, useMessageText('s1', 'm1')), { wrapper })
    startAnswer('m1')
    chunk('m1', 'one')
    startAnswer('m2')
    await advance(500)
    expect(result.current).toBe('one')
    const before = renders
    chunk('m2', 'two')
    await advance(100)
    expect(renders).toBe(before)
    chunk('m1', ' more')
    await advance(100)
    expect([result.current, renders]).toEqual(['one more', before + 1])
  })

  it('useAgents and useAgent follow the newest run, and render only when that changes', async () => {
    const { wrapper, advance, startAnswer, chunk, hub } = createWorld()
    let renders = 0
    const { result } = renderHook(
      () => {
        renders++
        return [
          useAgents('s1'),
          useAgent('s1', 'a1', (agent) => agent?.progress),
          useAgent('s1', 'a2'),
        ] as const
      },
      { wrapper },
    )
    startAnswer('m1')
    const progress = (agentId: string, done: number): void => {
      hub.append('s1', {
        type: 'agent_progress',
        data: {
          agentId,
          agentName: agentId,
          status: 'working',
          progress: done,
          currentTask: '',
          estimatedTimeRemaining: null,
        },
        runId: 'r1',
      })
    }
    progress('a1', 10)
    progress('a2', 20)
    await advance(500)
    expect(result.current[0].map(({ id }) => id)).toEqual(['a1', 'a2'])
    expect([result.current[1], result.current[2]?.progress]).toEqual([10, 20])
    const before = renders
    chunk('m1', 'a token')
    await advance(100)
    expect(renders).toBe(before)
    progress('a1', 50)
    await advance(100)
    expect([result.current[1], renders]).toEqual([50, before + 1])
  })

  it('useAgents of one run', async () => {
    const { wrapper, advance, startAnswer, hub } = createWorld()
    const { result } = renderHook(() => [useAgents('s1', 'r1'), useAgents('s1', 'none')] as const, {
      wrapper,
    })
    startAnswer('m1')
    hub.append('s1', { type: 'agent_started', data: { agentId: 'a1', agentName: 'A' }, runId: 'r1' })
    startAnswer('m2', 'r2')
    await advance(500)
    expect(result.current[0]).toHaveLength(1)
    expect(result.current[1]).toEqual([])
  })

  it('useStreamEvent calls the listener of the newest render, once for each event', async () => {
    const { wrapper, advance, startAnswer, hub } = createWorld()
    const seen: string[] = []
    const { rerender, unmount } = renderHook(
      ({ name }) => {
        useStreamEvent('s1', 'run_started', ({ data }) => seen.push(`${name} ${data.runId}`))
      },
      { wrapper, initialProps: { name: 'first' } },
    )
    await advance(500)
    startAnswer('m1', 'r1')
    await advance(100)
    rerender({ name: 'second' })
    startAnswer('m2', 'r2')
    await advance(100)
    unmount()
    startAnswer('m3', 'r3')
    await advance(100)
    expect(seen).toEqual(['first r1', 'second r2'])
    expect(hub.readers).toBe(1)
  })

  it('useOutbox shows what waits and how it went, and takes it back', async () => {
    const { wrapper, advance, hub, client, startAnswer, chunk } = createWorld()
    let renders = 0
    const { result } = renderHook(() => (renders++, useOutbox('s1')), { wrapper })
    await advance(500)
    hub.down()
    void client.session('s1').send({ content: 'one' })
    void client.session('s1').send({ content: 'two' })
    await advance(100)
    expect(result.current.entries.map(({ state }) => state)).toEqual(['pending', 'pending'])
    let isSure = false
    await act(async () => {
      isSure = await result.current.discard(result.current.entries[1]?.id ?? '')
    })
    expect(isSure).toBe(true)
    hub.down(false)
    await advance(60_000)
    expect(result.current.entries).toMatchObject([{ state: 'applied', appliedAt: 'epoch0001-2' }])
    const before = renders
    startAnswer('m1')
    chunk('m1', 'a token')
    await advance(100)
    expect(renders).toBe(before)
  })

  it('useConnection shows the connection and keeps nothing open', async () => {
    const { wrapper, advance, hub, client } = createWorld()
    const { result } = renderHook(() => useConnection('s1'), { wrapper })
    await advance(500)
    expect([result.current.status, hub.requests.length]).toEqual(['idle', 0])
    client.session('s1').subscribe(() => undefined)
    await advance(500)
    expect(result.current).toMatchObject({ status: 'open', phase: 'live', role: 'solo', transport: 'sse' })
    hub.down()
    await advance(0)
    expect(result.current).toMatchObject({ status: 'waiting', attempt: 1, code: 'network_error' })
    expect(result.current.retryAt).toBeGreaterThan(0)
    hub.down(false)
    act(() => {
      result.current.retryNow()
    })
    await advance(0)
    expect(result.current.status).toBe('open')
  })

  it('hooks say what is missing without a provider', () => {
    expect(() => renderHook(() => useStreamClient())).toThrow('StreamProvider')
  })
})
