import { describe, expect, it } from 'vitest'
import { createCredentials } from '../rest/credentials.ts'
import { createSender } from '../rest/request.ts'
import { createFakeEnvironment } from '../testing/fake-environment.ts'
import { FakeHub } from '../testing/fake-hub.ts'
import { testTransport } from '../testing/transport-suite.ts'
import { lazyTransport } from './lazy.ts'
import { pauseOf } from './pause.ts'
import { createPollingTransport } from './polling.ts'
import { createSseTransport, streamQuery } from './sse.ts'

function createWorld() {
  const hub = new FakeHub()
  const environment = createFakeEnvironment({ fetch: hub.fetch })
  return { hub, environment }
}

function createPolling({ hub, environment }: ReturnType<typeof createWorld>) {
  const credentials = createCredentials({ environment, baseUrl: '', getToken: undefined, fetch: hub.fetch })
  const send = createSender({
    environment,
    baseUrl: '',
    credentials,
    fetch: hub.fetch,
    withCredentials: true,
  })
  return createPollingTransport({ send, now: environment.now, pause: pauseOf(environment) })
}

testTransport(
  'streaming fetch',
  () => {
    const world = createWorld()
    return { ...world, transport: createSseTransport({ fetch: world.hub.fetch }) }
  },
  { seesStatus: true, streams: true },
)

testTransport(
  'long-polling',
  () => {
    const world = createWorld()
    return { ...world, transport: lazyTransport('polling', () => Promise.resolve(createPolling(world))) }
  },
  { seesStatus: true, streams: false },
)

describe('streaming fetch', () => {
  const open = async (response: Response) => {
    const transport = createSseTransport({ fetch: () => Promise.resolve(response) })
    const frames = transport.open({ cursors: [{ sessionId: 's1' }], signal: new AbortController().signal })
    const seen: string[] = []
    for await (const { data } of frames) seen.push(data)
    return seen
  }
  const outcome = (response: Response): Promise<unknown> => open(response).catch((error: unknown) => error)

  it('takes nothing for a stream but 200 with its content type', async () => {
    const html = new Response('<html>', { headers: { 'content-type': 'text/html' } })
    expect(await outcome(html)).toMatchObject({ status: 200, code: 'network_error' })
    expect(await outcome(new Response(null, { status: 204 }))).toMatchObject({
      status: 204,
      code: 'stream_closed',
    })
    const problem = { title: 'Unauthorized', status: 401, code: 'auth_error', detail: 'Sign in first.' }
    const refused = Response.json(problem, { status: 401 })
    expect(await outcome(refused)).toMatchObject({
      status: 401,
      code: 'auth_error',
      message: 'Sign in first.',
    })
  })

  it('reads an event that is too large as an error, not into memory', async () => {
    const body = `data: ${'x'.repeat(1_100_000)}\n\n`
    const response = new Response(body, { headers: { 'content-type': 'text/event-stream' } })
    expect(await outcome(response)).toMatchObject({ code: 'invalid_request' })
  })

  it('cancels the body when the reader stops', async () => {
    let cancelled = false
    const body = new ReadableStream({
      pull: (controller) => {
        controller.enqueue(new TextEncoder().encode('data: x\n\n'))
      },
      cancel: () => {
        cancelled = true
      },
    })
    const response = new Response(body, { headers: { 'content-type': 'text/event-stream' } })
    const transport = createSseTransport({ fetch: () => Promise.resolve(response) })
    for await (const { data } of transport.open({ cursors: [], signal: new AbortController().signal })) {
      expect(data).toBe('x')
      break
    }
    expect(cancelled).toBe(true)
  })

  it('reads only as fast as it is iterated', async () => {
    let pulls = 0
    const body = new ReadableStream(
      {
        pull: (controller) => {
          pulls++
          controller.enqueue(new TextEncoder().encode('data: x\n\n'))
        },
      },
      { highWaterMark: 0 },
    )
    const response = new Response(body, { headers: { 'content-type': 'text/event-stream' } })
    const transport = createSseTransport({ fetch: () => Promise.resolve(response) })
    const frames = transport
      .open({ cursors: [], signal: new AbortController().signal })
      [Symbol.asyncIterator]()
    for (let at = 0; at < 5; at++) await frames.next()
    await new Promise<void>((resolve) => void setImmediate(resolve))
    expect(pulls).toBe(5)
    await frames.return?.()
  })
})

describe('long-polling', () => {
  const reader = (world: ReturnType<typeof createWorld>, sessionIds: readonly string[]) => {
    const controller = new AbortController()
    const cursors = sessionIds.map((sessionId) => ({ sessionId }))
    const done = (async () => {
      let frames = 0
      for await (const { event } of createPolling(world).open({ cursors, signal: controller.signal })) {
        frames += event.length
      }
      return frames
    })().catch((error: unknown) => error)
    return {
      stop: () => {
        controller.abort()
      },
      done,
    }
  }

  it('asks a server that holds nothing back at most every 2 s', async () => {
    const world = createWorld()
    const { stop, done } = reader(world, ['s1'])
    for (let waited = 0; waited < 20_000; waited += 100) await world.environment.advance(100)
    expect(world.hub.requests.length).toBeLessThan(14)
    stop()
    await done
  })

  it('waits for 20 s when it carries one session, for less when it carries several', async () => {
    const one = createWorld()
    const single = reader(one, ['s1'])
    await one.environment.advance(5_000)
    single.stop()
    expect(one.hub.requests.at(-1)?.query.get('wait')).toBe('20')
    const two = createWorld()
    const several = reader(two, ['s1', 's2'])
    await two.environment.advance(5_000)
    several.stop()
    const waits = two.hub.requests.slice(-2).map(({ path, query }) => [path, query.get('wait')])
    expect(waits.sort()).toEqual([
      ['/api/sessions/s1/updates', null],
      ['/api/sessions/s2/updates', '5'],
    ])
  })
})

describe('the query of a stream', () => {
  it('pairs sessions and cursors', () => {
    expect(streamQuery([{ sessionId: 'a' }])).toBe('?sessionId=a')
    expect(streamQuery([{ sessionId: 'a', after: 'epoch000-1' }])).toBe('?sessionId=a&after=epoch000-1')
    expect(streamQuery([{ sessionId: 'a' }, { sessionId: 'b', after: 'epoch000-1' }])).toBe(
      '?sessionId=a&after=&sessionId=b&after=epoch000-1',
    )
  })
})
