import { StreamError } from '@throughline/protocol'
import { describe, expect, it } from 'vitest'
import { createStreamClient } from '../stream-client.ts'
import { createFakeEnvironment } from '../testing/fake-environment.ts'
import { FakeHub } from '../testing/fake-hub.ts'
import { MessageBatcher } from './message-batcher.ts'
import { MessageHandler } from './message-handler.ts'
import { MessageQueue } from './message-queue.ts'
import { SSEErrorHandler, SSEErrorType } from './sse-error.ts'
import { SSEFallback } from './sse-fallback.ts'
import { SSEMemoryManager } from './sse-memory-manager.ts'
import type { SSEMessage } from './sse-message.ts'
import { SSEResilience } from './sse-resilience.ts'
import '../transports/polling.ts'

const message = (at: number): SSEMessage => ({ type: 'tool', data: at, timestamp: at, sessionId: 's1' })

describe('MessageQueue', () => {
  it('handles one after the other, in order', async () => {
    const seen: unknown[] = []
    const queue = new MessageQueue({
      process: async ({ data }) => {
        await Promise.resolve()
        seen.push(data)
      },
    })
    for (let at = 0; at < 5; at++) queue.enqueue(message(at))
    expect(queue.size).toBe(5)
    await queue.drained()
    expect([seen, queue.size]).toEqual([[0, 1, 2, 3, 4], 0])
  })

  it('a poison message blocks nobody', async () => {
    const seen: unknown[] = []
    const dropped: unknown[] = []
    let tries = 0
    const queue = new MessageQueue({
      process: ({ data }) => {
        if (data === 1) {
          tries++
          throw new Error('poison')
        }
        seen.push(data)
      },
      onDropped: ({ data }, error) => dropped.push([data, error]),
    })
    for (let at = 0; at < 3; at++) queue.enqueue(message(at))
    await queue.drained()
    expect([seen, tries, dropped]).toEqual([[0, 2], 3, [[1, new Error('poison')]]])
  })

  it('is bounded', async () => {
    const dropped: unknown[] = []
    const queue = new MessageQueue({
      process: () => undefined,
      capacity: 2,
      onDropped: ({ data }) => dropped.push(data),
    })
    expect([1, 2, 3].map((at) => queue.enqueue(message(at)))).toEqual([true, true, false])
    await queue.drained()
    expect(dropped).toEqual([3])
  })
})

describe('MessageBatcher', () => {
  it('hands on at its size, at its time-out and at the end', async () => {
    const environment = createFakeEnvironment()
    const batches: unknown[] = []
    const batcher = new MessageBatcher({
      processBatch: (batch) => batches.push(batch.map(({ data }) => data)),
      batchSize: 3,
      environment,
    })
    for (let at = 0; at < 4; at++) batcher.addMessage(message(at))
    expect(batches).toEqual([[0, 1, 2]])
    await environment.advance(99)
    expect(batches).toHaveLength(1)
    await environment.advance(1)
    expect(batches).toEqual([[0, 1, 2], [3]])
    batcher.addMessage(message(4))
    batcher.dispose()
    expect([batches.at(-1), environment.pending]).toEqual([[4], 0])
  })
})

describe('SSEMemoryManager', () => {
  it('keeps the newest', () => {
    const memory = new SSEMemoryManager(10)
    for (let at = 0; at < 1_000; at++) memory.addMessage(message(at))
    expect(memory.getRecentMessages(3).map(({ data }) => data)).toEqual([997, 998, 999])
    expect(memory.getRecentMessages()).toHaveLength(10)
    expect(memory.getRecentMessages(0)).toEqual([])
    memory.cleanup()
    expect(memory.getRecentMessages()).toEqual([])
  })
})

describe('SSEErrorHandler', () => {
  it('has one recovery for each of the specification’s types', () => {
    const run: string[] = []
    const note = (name: string) => () => run.push(name)
    const handler = new SSEErrorHandler({
      wait: note('wait'),
      sign_in: note('sign_in'),
      ask: note('ask'),
      retry_now: note('retry_now'),
    })
    const recoveries = Object.values(SSEErrorType).map((type) =>
      handler.handleError(new StreamError(type, type)),
    )
    expect(recoveries).toEqual(['wait', 'sign_in', 'ask', 'wait', 'wait', 'retry_now'])
    expect(run).toEqual(recoveries)
    expect(handler.handleError(new StreamError('not_found', 'x'))).toBe('report')
  })
})

describe('MessageHandler', () => {
  it('carries messages to stores, progress clamped, and leaves malformed ones', () => {
    const calls: unknown[] = []
    const handler = new MessageHandler({
      agents: {
        updateAgentProgress: (id, { progress, lastUpdate }) =>
          calls.push([id, progress, lastUpdate.getTime()]),
      },
      chat: {
        updateMessageChunk: (...chunk) => calls.push(chunk),
        setTyping: (isTyping) => calls.push(isTyping),
        completeMessage: (...completed) => calls.push(completed),
      },
      sessions: { updateLastActivity: (...activity) => calls.push(activity) },
      notify: (type) => calls.push(type),
    })
    const tell = (type: string, data: unknown): void => {
      handler.handle({ type, data, timestamp: 9, sessionId: 's1' })
    }
    tell('agent_progress', {
      agentId: 'a',
      agentName: 'A',
      status: 'working',
      progress: 140,
      currentTask: '',
      estimatedTimeRemaining: null,
    })
    tell('message_chunk', { messageId: 'm', content: 'x', isComplete: true })
    tell('typing_indicator', { isTyping: true })
    tell('message_completed', { messageId: 'm', sessionId: 's1', finalContent: 'x' })
    tell('message_chunk', { messageId: 7 })
    tell('own_type', {})
    expect(calls).toEqual([
      ['a', 100, 9],
      'agent_progress',
      ['m', 'x', true],
      false,
      'message_chunk',
      true,
      'typing_indicator',
      ['m', 'x'],
      false,
      ['s1', 9],
      'message_completed',
    ])
  })
})

describe('SSEFallback', () => {
  it('polls on the cursor without overlapping, until switched off', async () => {
    const hub = new FakeHub()
    const environment = createFakeEnvironment({ fetch: hub.fetch })
    const seen: unknown[] = []
    const fallback = new SSEFallback({ processUpdate: ({ data }) => seen.push(data), environment })
    fallback.enablePollingFallback('s1')
    fallback.enablePollingFallback('s1')
    await environment.advance(1_000)
    hub.append('s1', { type: 'session_updated', data: { title: 'a' } })
    await environment.advance(3_000)
    expect([seen, fallback.isPolling]).toEqual([[{ title: 'a' }], true])
    expect(hub.requests.every(({ path }) => path === '/api/sessions/s1/updates')).toBe(true)
    fallback.disablePollingFallback()
    const asked = hub.requests.length
    await environment.advance(60_000)
    expect([hub.requests.length, fallback.isPolling, environment.pending]).toEqual([asked, false, 0])
  })
})

describe('SSEResilience', () => {
  it('tells of the waits of a connection and ends them', async () => {
    const hub = new FakeHub()
    const environment = createFakeEnvironment({ fetch: hub.fetch })
    const client = createStreamClient({ environment, share: 'off' })
    const session = client.session('s1')
    session.subscribe(() => undefined)
    await environment.advance(300)
    const resilience = new SSEResilience(session.connection)
    const attempts: number[] = []
    const leave = resilience.onReconnecting(({ attempt }) => attempts.push(attempt))
    hub.down()
    await environment.advance(20_000)
    expect(attempts.slice(0, 4)).toEqual([1, 2, 3, 4])
    expect(resilience.isReconnecting).toBe(true)
    hub.down(false)
    leave()
    resilience.reconnect()
    await environment.advance(300)
    expect(resilience.isReconnecting).toBe(false)
    expect(SSEResilience.delay(2, { reconnectInterval: 100 }, () => 0.5)).toBe(200)
    client.close()
  })
})
