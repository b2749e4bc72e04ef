import { afterEach, describe, expect, it, onTestFinished, vi } from 'vitest'
import { createSseTransport } from '../transports/sse.ts'
import { makeEnvelopes } from '../testing/envelopes.ts'
import { createFakeEnvironment } from '../testing/fake-environment.ts'
import { FakeHub } from '../testing/fake-hub.ts'

afterEach(() => {
  vi.doUnmock('./reader.ts')
  vi.resetModules()
})

/** A client whose reader comes when the test says so, or does not. */
async function createWorld() {
  vi.resetModules()
  let outcome = Promise.withResolvers<undefined>()
  let loads = 0
  vi.doMock('./reader.ts', async () => {
    loads++
    await outcome.promise
    return await vi.importActual('./reader.ts')
  })
  const { createStreamClient } = await import('../stream-client.ts')
  const hub = new FakeHub()
  const environment = createFakeEnvironment({ fetch: hub.fetch })
  const client = createStreamClient({ environment, share: 'off' })
  onTestFinished(client.close)
  const session = client.session('s1')
  const told: string[] = []
  session.on('session_updated', ({ data }) => told.push(data.title ?? ''))
  return {
    hub,
    environment,
    session,
    told,
    loads: () => loads,
    title: (text: string) => hub.append('s1', { type: 'session_updated', data: { title: text } }),
    come() {
      outcome.resolve(undefined)
    },
    fail() {
      outcome.reject(new TypeError('Failed to fetch dynamically imported module'))
      outcome = Promise.withResolvers()
    },
    /** Lets a little time pass until it is so: loading takes as long as it takes. */
    until: (isSo: () => boolean) =>
      vi.waitFor(
        async () => {
          await environment.advance(100)
          expect(isSo()).toBe(true)
        },
        { timeout: 30_000, interval: 10 },
      ),
  }
}

describe('what reads what a hub says', () => {
  it('I13 is loaded beside the first request, and what comes before it waits in order', async () => {
    const { hub, environment, session, told, loads, title, come, until } = await createWorld()
    await until(() => hub.requests.some(({ path }) => path === '/api/sse') && loads() === 1)
    title('one')
    title('two')
    await environment.advance(2_000)
    expect(told).toEqual([])
    expect(session.connection.getSnapshot().status).toBe('connecting')
    come()
    await until(() => told.length === 2)
    title('three')
    await until(() => told.length === 3)
    expect(told).toEqual(['one', 'two', 'three'])
    expect(session.getSnapshot().conversation).toEqual(hub.stream('s1').state)
    expect(hub.requests.filter(({ path }) => path === '/api/sse').length).toBe(1)
    expect(loads()).toBe(1)
  })

  it('I13 is a failed attempt with a code when it cannot be had, and is asked for again with the next', async () => {
    const { hub, session, told, loads, title, come, fail, until } = await createWorld()
    const seen = new Set<string>()
    session.connection.subscribe(() => seen.add(session.connection.getSnapshot().transport))
    for (let failures = 1; failures <= 4; failures++) {
      await until(() => loads() === failures)
      fail()
      await until(() => session.connection.getSnapshot().attempt === failures)
      expect(session.connection.getSnapshot()).toMatchObject({
        code: 'network_error',
        error: { message: 'A part of the page is missing: reload it.' },
      })
    }
    come()
    await until(() => session.connection.getSnapshot().phase === 'live')
    title('after all')
    await until(() => told.includes('after all'))
    expect(session.getSnapshot().conversation).toEqual(hub.stream('s1').state)
    // However often: it is no reason to poll.
    expect([...seen]).toEqual(['sse'])
  })

  it('is there for a transport that is used by itself', async () => {
    const events = makeEnvelopes('s1')
    const body = `data: ${JSON.stringify(events.caughtUp())}\n\n`
    const headers = { 'content-type': 'text/event-stream' }
    const transport = createSseTransport({ fetch: () => Promise.resolve(new Response(body, { headers })) })
    const seen: string[] = []
    const request = { cursors: [{ sessionId: 's1' }], signal: new AbortController().signal }
    for await (const { event } of transport.open(request)) seen.push(event)
    expect(seen).toEqual(['message'])
  })
})
