import { beforeEach, describe, expect, it } from 'vitest'
import { createStreamClient } from '../stream-client.ts'
import { createFakeEnvironment } from '../testing/fake-environment.ts'
import { FakeHub } from '../testing/fake-hub.ts'
import { MockEventSource } from '../testing/mock-event-source.ts'
import { SSEManager } from './sse-manager.ts'
import type { SSEConfig, SSEMessage } from './sse-message.ts'

beforeEach(() => {
  MockEventSource.reset()
})

const mockConfig: SSEConfig = {
  url: '/api/sse',
  reconnectInterval: 5_000,
  maxReconnectAttempts: 10,
  heartbeatInterval: 30_000,
  timeout: 60_000,
  withCredentials: true,
}

function setUp(config: Partial<SSEConfig> = mockConfig) {
  const environment = createFakeEnvironment()
  const manager = new SSEManager(config, { environment, eventSource: MockEventSource })
  const told: string[] = []
  manager.on('connected', () => told.push('connected'))
  manager.on('disconnected', () => told.push('disconnected'))
  manager.on('reconnecting', ({ attempt, delay }) =>
    told.push(`reconnecting ${String(attempt)} ${String(delay <= 5_000)}`),
  )
  manager.on('connection_failed', ({ code }) => told.push(`connection_failed ${code}`))
  manager.on('heartbeat', () => told.push('heartbeat'))
  const connect = async (sessionId = 's1'): Promise<void> => {
    const connected = manager.connect(sessionId)
    await environment.advance(0)
    MockEventSource.last.simulate('open')
    await connected
  }
  return { environment, manager, told, connect }
}

const progress = {
  agentId: 'agent_1',
  agentName: 'A',
  status: 'working',
  progress: 50,
  currentTask: '',
  estimatedTimeRemaining: null,
}

describe('SSEManager', () => {
  it('connects to the route of the session with credentials', async () => {
    const { connect, manager, told } = setUp()
    await connect()
    expect(MockEventSource.last.url).toBe('/api/sse?sessionId=s1')
    expect(MockEventSource.last.withCredentials).toBe(true)
    expect([manager.isConnected, told]).toEqual([true, ['connected']])
  })

  it('tells messages by `message` and by their type', async () => {
    const { connect, manager, environment } = setUp()
    const seen: SSEMessage[] = []
    const byType: SSEMessage[] = []
    manager.on('message', (message) => seen.push(message))
    manager.on('agent_progress', (message) => byType.push(message))
    await connect()
    MockEventSource.last.simulate('agent_progress', progress)
    await environment.advance(100)
    expect(seen).toMatchObject([{ type: 'agent_progress', sessionId: 's1', data: progress }])
    expect(byType).toEqual(seen)
  })

  it('hears what the server calls error_event as error_occurred', async () => {
    const { connect, manager, environment } = setUp()
    const seen: string[] = []
    manager.on('message', ({ type }) => seen.push(type))
    await connect()
    MockEventSource.last.simulate('error_event', { code: 'x', message: 'y', retryable: false })
    await environment.advance(100)
    expect(seen).toEqual(['error_occurred'])
  })

  it('reconnects after connection loss, and everybody still hears', async () => {
    const { connect, manager, environment, told } = setUp()
    const seen: string[] = []
    manager.on('message', ({ type }) => seen.push(type))
    await connect()
    MockEventSource.last.simulate('agent_progress', progress)
    await environment.advance(100)
    const [first] = MockEventSource.instances
    first?.simulate('error')
    await environment.advance(0)
    expect([manager.reconnectAttempts, manager.isConnected, first?.isClosed]).toEqual([1, false, true])
    await environment.advance(5_000)
    expect(MockEventSource.instances).toHaveLength(2)
    expect(MockEventSource.last.url).toBe('/api/sse?sessionId=s1&after=mock00000-1')
    MockEventSource.last.simulate('agent_progress', progress)
    await environment.advance(100)
    expect(seen).toEqual(['agent_progress', 'agent_progress'])
    expect(told).toEqual(['connected', 'reconnecting 1 true', 'connected'])
  })

  it('gives up after the attempts of the configuration, and says so', async () => {
    const { manager, environment, told } = setUp({ maxReconnectAttempts: 2, reconnectInterval: 10 })
    const connected = manager.connect('s1').catch((error: unknown) => error)
    for (let tries = 0; tries < 3; tries++) {
      await environment.advance(100)
      MockEventSource.last.simulate('error')
    }
    await environment.advance(60_000)
    expect(await connected).toMatchObject({ code: 'max_reconnect_reached' })
    expect(told.at(-1)).toBe('connection_failed max_reconnect_reached')
    expect(MockEventSource.instances).toHaveLength(3)
    const again = manager.connect('s1')
    await environment.advance(0)
    MockEventSource.last.simulate('open')
    await again
    expect(manager.isConnected).toBe(true)
  })

  it('a heartbeat is a sign of life; silence reconnects', async () => {
    const { connect, environment, told, manager } = setUp()
    await connect()
    for (let at = 0; at < 5; at++) {
      await environment.advance(30_000)
      MockEventSource.last.simulate('heartbeat', { heads: {} })
    }
    await environment.advance(0)
    expect(told.filter((event) => event === 'heartbeat')).toHaveLength(5)
    expect(manager.isConnected).toBe(true)
    await environment.advance(40_000)
    expect(manager.isConnected).toBe(false)
  })

  it('disconnect ends it for good, keeps the listeners, and cleanup forgets them', async () => {
    const { connect, manager, environment, told } = setUp()
    await connect()
    manager.disconnect()
    manager.disconnect()
    await environment.advance(600_000)
    expect(MockEventSource.instances).toHaveLength(1)
    expect([MockEventSource.last.isClosed, environment.pending, environment.watchers]).toEqual([true, 0, 0])
    expect(told).toEqual(['connected', 'disconnected'])
    await connect()
    expect(told).toEqual(['connected', 'disconnected', 'connected'])
    manager.cleanup()
    await connect()
    expect(told).toEqual(['connected', 'disconnected', 'connected', 'disconnected'])
    manager.cleanup()
  })

  it('connecting twice is connecting once; connecting to another session leaves the first', async () => {
    const { connect, manager, environment } = setUp()
    const first = manager.connect('s1')
    expect(manager.connect('s1')).toBe(first)
    await environment.advance(0)
    MockEventSource.last.simulate('open')
    await first
    expect(MockEventSource.instances).toHaveLength(1)
    await connect('s2')
    expect(MockEventSource.instances.map(({ sessionId, isClosed }) => [sessionId, isClosed])).toEqual([
      ['s1', true],
      ['s2', false],
    ])
  })

  it('a connect that is overtaken by disconnect rejects', async () => {
    const { manager } = setUp()
    const connected = manager.connect('s1').catch((error: unknown) => error)
    manager.disconnect()
    expect(await connected).toMatchObject({ code: 'stream_closed' })
  })

  it('shares the connection of a client, and sends over HTTP', async () => {
    const hub = new FakeHub()
    const environment = createFakeEnvironment({ fetch: hub.fetch })
    const client = createStreamClient({ environment, share: 'off' })
    const one = new SSEManager({}, { client })
    const two = new SSEManager({}, { client })
    const connected = Promise.all([one.connect('s1'), two.connect('s2')])
    await environment.advance(300)
    await connected
    expect(hub.readers).toBe(1)
    const sent = one.sendMessage('hello')
    await environment.advance(100)
    await sent
    expect(hub.stream('s1').state.messages.map(({ content }) => content)).toEqual(['hello'])
    one.cleanup()
    two.cleanup()
    await expect(one.sendMessage('late')).rejects.toMatchObject({ code: 'stream_closed' })
    client.close()
  })

  it('takes the native EventSource away from its own reconnecting', async () => {
    const { connect, environment } = setUp()
    await connect()
    const [first] = MockEventSource.instances
    first?.simulate('error')
    await environment.advance(0)
    expect(first?.isClosed).toBe(true)
  })
})
