import { StreamError } from '@throughline/protocol'
import { describe, expect, it, onTestFinished } from 'vitest'
import { createStreamClient } from './stream-client.ts'
import { createClientWorld } from './testing/client-world.ts'
import { createFakeEnvironment } from './testing/fake-environment.ts'
import { FakeHub } from './testing/fake-hub.ts'
import { FakeBrowser } from './testing/fake-tabs.ts'

describe('a session', () => {
  it('asks for nothing before it is watched', async () => {
    const { hub, advance, session } = createClientWorld()
    await advance(60_000)
    expect(hub.requests).toEqual([])
    expect(session.getSnapshot().loaded).toBe(false)
    expect(session.connection.getSnapshot().status).toBe('idle')
  })

  it('joins by snapshot, replays, and follows: what it shows is the fold of the log', async () => {
    const { hub, session, watch, advance, startMessage, chunk } = createClientWorld()
    startMessage('m1')
    chunk('m1', 'Hel')
    await watch()
    expect(session.connection.getSnapshot()).toMatchObject({
      status: 'open',
      phase: 'live',
      transport: 'sse',
      role: 'solo',
    })
    chunk('m1', 'lo')
    await advance(100)
    expect(session.getSnapshot().conversation).toEqual(hub.stream('s1').state)
    expect(session.getSnapshot().messages[0]?.content).toBe('Hello')
  })

  it('sends what a cookie request must carry', async () => {
    const { hub, watch } = createClientWorld()
    await watch()
    const headers = hub.requests[0]?.headers
    expect(headers?.get('accept')).toBe('text/event-stream')
    expect(headers?.get('x-throughline')).toBe('1')
  })

  it('sends a bearer token where there is one', async () => {
    const { hub, watch } = createClientWorld({ getToken: () => Promise.resolve('secret') })
    await watch()
    expect(hub.requests[0]?.headers.get('authorization')).toBe('Bearer secret')
  })

  it('R1 resumes after what it folded, with nothing lost or doubled', async () => {
    const { hub, session, watch, advance, startMessage, chunk } = createClientWorld()
    await watch()
    startMessage('m1')
    const told: string[] = []
    session.on('message_chunk', ({ data }) => told.push(data.content))
    for (let at = 0; at < 20; at++) {
      chunk('m1', `${String(at)} `)
      if (at % 3 === 0) {
        hub.drop(at % 2 === 0 ? 'break' : 'end')
        await advance(600)
      }
    }
    await advance(2_000)
    expect(session.getSnapshot().conversation).toEqual(hub.stream('s1').state)
    expect(told.join('')).toBe(Array.from({ length: 20 }, (_, at) => `${String(at)} `).join(''))
    const resumed = hub.requests.filter(({ path }) => path === '/api/sse').slice(1)
    for (const { query, headers } of resumed) {
      expect(query.get('after')).toMatch(/^epoch0001-\d+$/)
      expect(headers.get('last-event-id')).toBe(query.get('after'))
    }
  })

  it('a reset is answered with what is now true', async () => {
    const { hub, session, watch, advance, startMessage, chunk } = createClientWorld()
    await watch()
    startMessage('m1')
    chunk('m1', 'before')
    await advance(100)
    hub.drop()
    hub.restart('s1')
    chunk('m1', ' after')
    await advance(1_000)
    expect(session.getSnapshot().conversation).toEqual(hub.stream('s1').state)
    expect(session.connection.getSnapshot().phase).toBe('live')
  })

  it('joins anew when a heartbeat knows more than it was given', async () => {
    const { hub, session, watch, advance, startMessage, streams } = createClientWorld()
    await watch()
    const lost = hub.stream('s1')
    lost.append({ type: 'session_updated', data: { title: 'never told' } }, 1)
    hub.beat()
    await advance(500)
    expect(streams()).toBe(2)
    expect(session.getSnapshot().conversation.title).toBe('never told')
    startMessage('m1')
    hub.beat()
    await advance(500)
    expect(streams()).toBe(2)
  })

  it('joins anew when an event is missing', async () => {
    const { hub, session, watch, advance, streams } = createClientWorld()
    await watch()
    hub.stream('s1').append({ type: 'session_updated', data: { title: 'never told' } }, 1)
    hub.append('s1', { type: 'session_updated', data: { archived: true } })
    await advance(500)
    expect(streams()).toBe(2)
    expect(session.getSnapshot().conversation).toEqual(hub.stream('s1').state)
  })

  it('joins anew once, not for ever, for a message that is not what was written', async () => {
    const { hub, watch, beat, startMessage, chunk, session, streams } = createClientWorld()
    await watch()
    startMessage('m1')
    chunk('m1', 'wrong')
    hub.append('s1', {
      type: 'message_completed',
      data: { messageId: 'm1', sessionId: 's1', finalContent: 'right' },
    })
    await beat(120_000)
    expect(streams()).toBe(2)
    expect(session.getSnapshot().messages[0]?.content).toBe('right')
  })

  it('keeps the identity of what did not change, over events and over joining anew', async () => {
    const { hub, session, watch, advance, startMessage, chunk } = createClientWorld()
    await watch()
    startMessage('m1')
    hub.append('s1', {
      type: 'message_completed',
      data: { messageId: 'm1', sessionId: 's1', finalContent: '' },
    })
    startMessage('m2', 'm1')
    await advance(100)
    const [first] = session.getSnapshot().messages
    chunk('m2', 'more')
    await advance(100)
    expect(session.getSnapshot().messages[0]).toBe(first)
    hub.drop()
    hub.stream('s1').trim()
    chunk('m2', 'still more')
    await advance(1_000)
    expect(session.getSnapshot().messages[1]?.content).toBe('morestill more')
    expect(session.getSnapshot().messages[0]).toBe(first)
  })
})

describe('being watched', () => {
  it('StrictMode: subscribing, leaving and subscribing again opens one stream', async () => {
    const { session, advance, streams, hub } = createClientWorld()
    session.subscribe(() => undefined)()
    session.subscribe(() => undefined)
    await advance(1_000)
    expect([streams(), hub.readers]).toEqual([1, 1])
  })

  it('is let go 30 s after the last watcher left, and resumes from its cursor', async () => {
    const { session, watch, beat, hub, streams, startMessage } = createClientWorld()
    const { leave } = await watch()
    leave()
    leave()
    await beat(29_000)
    expect(hub.readers).toBe(1)
    await beat(1_500)
    expect(hub.readers).toBe(0)
    expect(session.connection.getSnapshot().status).toBe('idle')
    startMessage('m1')
    await watch()
    expect([streams(), hub.requests.at(-1)?.query.get('after')]).toEqual([2, 'epoch0001-0'])
    expect(session.getSnapshot().conversation).toEqual(hub.stream('s1').state)
  })

  it('several sessions share one connection, and a new one joins without a break', async () => {
    const { hub, client, watch, advance, startMessage, chunk, session } = createClientWorld()
    await watch()
    startMessage('m1')
    chunk('m1', 'a')
    await advance(100)
    const other = client.session('s2')
    hub.append('s2', { type: 'session_updated', data: { title: 'two' } })
    other.subscribe(() => undefined)
    chunk('m1', 'b')
    await advance(0)
    chunk('m1', 'c')
    await advance(100)
    expect(hub.readers).toBe(1)
    expect(hub.requests.at(-1)?.query.getAll('sessionId')).toEqual(['s1', 's2'])
    expect(hub.requests.at(-1)?.query.getAll('after')).toEqual(['epoch0001-2', ''])
    expect(other.getSnapshot().conversation.title).toBe('two')
    chunk('m1', 'd')
    await advance(100)
    expect(session.getSnapshot().conversation).toEqual(hub.stream('s1').state)
    expect(session.connection.getSnapshot().phase).toBe('live')
  })

  it('carries the 32 watched last', async () => {
    const { hub, client, advance } = createClientWorld()
    for (let at = 0; at < 40; at++) client.session(`n${String(at)}`).subscribe(() => undefined)
    await advance(300)
    const carried = hub.requests.at(-1)?.query.getAll('sessionId')
    expect(carried).toHaveLength(32)
    expect(carried?.at(-1)).toBe('n39')
  })

  it('one bad session spoils no other, and can come back', async () => {
    const { hub, client, session, advance, watch } = createClientWorld()
    await watch()
    const other = client.session('s2')
    other.subscribe(() => undefined)
    let changes = 0
    other.connection.subscribe(() => changes++)
    await advance(300)
    await client.deleteSession('s2')
    await advance(300)
    expect(other.getSnapshot().closed).toBe('session_expired')
    expect(other.connection.getSnapshot()).toMatchObject({ status: 'failed', code: 'session_expired' })
    expect(changes).toBeGreaterThan(0)
    expect(session.connection.getSnapshot().phase).toBe('live')
    await client.restoreSession('s2')
    await advance(300)
    expect(other.connection.getSnapshot().phase).toBe('live')
    expect(other.getSnapshot().closed).toBe(null)
    expect(hub.readers).toBe(1)
  })

  it('says why it failed', async () => {
    const { hub, session, watch } = createClientWorld()
    hub.refuse(
      404,
      {},
      { title: 'Not found', code: 'not_found', status: 404, detail: 'No such conversation.' },
    )
    await watch()
    const { status, code, error } = session.connection.getSnapshot()
    expect([status, code, error?.message]).toEqual(['failed', 'not_found', 'No such conversation.'])
  })
})

describe('signing in and out', () => {
  it('refreshes once for all that met a 401', async () => {
    const { hub, client, watch, advance, session } = createClientWorld()
    hub.refuse(401)
    await watch()
    expect(session.connection.getSnapshot().phase).toBe('live')
    hub.refuse(401)
    hub.refuse(401)
    const both = Promise.all([client.listSessions(), client.auth.me()])
    await advance(100)
    await both
    expect(hub.requests.filter(({ path }) => path === '/api/auth/refresh')).toHaveLength(2)
  })

  it('refreshes once for all tabs that met a 401 at the same time', async () => {
    const hub = new FakeHub()
    const browser = new FakeBrowser()
    const clients = [1, 2, 3].map(() => {
      const environment = createFakeEnvironment({ fetch: hub.fetch, tabs: browser.tab() })
      const client = createStreamClient({ environment, share: 'off' })
      onTestFinished(client.close)
      return { client, environment }
    })
    for (const _ of clients) hub.refuse(401)
    const all = Promise.all(clients.map(({ client }) => client.listSessions()))
    for (const { environment } of clients) await environment.advance(100)
    await all
    const refreshes = (): number => hub.requests.filter(({ path }) => path === '/api/auth/refresh').length
    expect(refreshes()).toBe(1)
    // Later on, what was renewed then is no longer new.
    hub.refuse(401)
    const again = clients[1]?.client.listSessions()
    await clients[1]?.environment.advance(100)
    await again
    expect(refreshes()).toBe(2)
  })

  it('B7 signing out closes and wipes everything', async () => {
    const { hub, client, session, watch, advance, startMessage } = createClientWorld()
    await client.auth.me()
    startMessage('m1')
    await watch()
    expect(session.getSnapshot().messages).toHaveLength(1)
    await client.auth.signOut()
    await advance(100)
    expect(session.getSnapshot()).toMatchObject({ messages: [], loaded: false })
    expect(session.getRecent()).toEqual([])
    expect(hub.readers).toBe(0)
    await client.auth.guest()
    await advance(300)
    expect(session.getSnapshot().messages).toHaveLength(1)
  })

  it('what the server refuses is a StreamError', async () => {
    const { client } = createClientWorld()
    const refused = await client.renameSession('none', 'x').catch((error: unknown) => error)
    expect(refused).toBeInstanceOf(StreamError)
    expect(refused).toMatchObject({ code: 'not_found', status: 404, retryable: false })
  })
})
