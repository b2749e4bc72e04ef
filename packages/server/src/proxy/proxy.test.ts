import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createTestClock } from '../testing/clock.ts'
import { fieldsOf } from '../fields.ts'
import { createTokenIssuer } from '../auth/token-issuer.ts'
import { createApiProxy, createSseProxy, type SseProxyOptions } from './index.ts'

const SECRET = 'a secret for tests that is 32 bytes or more'
const ORIGIN = 'https://app.example.com'
const issue = createTokenIssuer({ secret: SECRET, issuer: 'throughline' })

type Answer = (request: IncomingMessage, response: ServerResponse) => void

let server: Server
let backendUrl: string
let seen: IncomingMessage[]
let answer: Answer

const stream: Answer = (_, response) => {
  response.writeHead(200, { 'content-type': 'text/event-stream', 'access-control-allow-origin': '*' })
  response.write('data: 1\n\n')
}
const problem =
  (status: number, headers: Record<string, string> = {}): Answer =>
  (_, response) => {
    response.writeHead(status, { 'content-type': 'application/problem+json', ...headers })
    response.end(JSON.stringify({ title: 'No', status, code: 'rate_limited' }))
  }

beforeEach(async () => {
  seen = []
  answer = stream
  server = createServer((request, response) => {
    seen.push(request)
    answer(request, response)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  backendUrl = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`
})
afterEach(() => {
  server.closeAllConnections()
  server.close()
})

const tokenOf = async (userId: string): Promise<string> =>
  (await issue({ sub: userId, audience: 'throughline', ttlMs: 60_000 })).token

const sse = (options: Partial<SseProxyOptions> = {}) =>
  createSseProxy({
    backendUrl,
    keys: { kind: 'secret', secret: SECRET },
    origins: { allowOrigins: [ORIGIN] },
    ...options,
  })

/** A request to the app as its server hands it on. */
function ask(path: string, headers: Record<string, string> = {}, init: RequestInit = {}): Request {
  return new Request(`http://app.test${path}`, { ...init, headers: { host: 'localhost:3000', ...headers } })
}

async function bearer(): Promise<Record<string, string>> {
  return { authorization: `Bearer ${await tokenOf('ada')}` }
}

async function titleOf(response: Response): Promise<unknown> {
  return fieldsOf(await response.json())['title']
}

describe('the proxy of streams', () => {
  test('asks the hub by one escaped path, the token in a header and in nothing else', async () => {
    const token = await tokenOf('ada')
    const headers = { cookie: `auth_token=${token}; refresh_token=canary`, accept: 'text/event-stream' }
    const response = await sse()(
      ask('/api/sse?sessionId=a_b-1&after=abcdefgh-4&url=http://evil.example', {
        ...headers,
        'sec-fetch-site': 'same-origin',
        'last-event-id': 'abcdefgh-7',
        'x-forwarded-for': '6.6.6.6',
        'x-evil': '1',
      }),
    )
    expect(response.status).toBe(200)
    const [request] = seen
    expect(request?.url).toBe('/api/run_sse/a_b-1?after=abcdefgh-4')
    expect(request?.headers).toMatchObject({
      authorization: `Bearer ${token}`,
      accept: 'text/event-stream',
      'last-event-id': 'abcdefgh-7',
      'x-forwarded-proto': 'http',
    })
    const names = Object.keys(request?.headers ?? {})
    expect(names.filter((name) => /cookie|origin|x-evil|forwarded-for|x-throughline/.test(name))).toEqual([])
    await response.body?.cancel()
  })

  test('carries several sessions with their cursors', async () => {
    const response = await sse()(
      ask('/api/sse?sessionId=a&after=&sessionId=b&after=abcdefgh-2', await bearer()),
    )
    expect(seen[0]?.url).toBe('/api/sse?sessionId=a&after=&sessionId=b&after=abcdefgh-2')
    await response.body?.cancel()
  })

  test('answers with the head of a stream and a first byte before the hub has sent any', async () => {
    answer = (_, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' })
      response.flushHeaders()
    }
    const response = await sse()(ask('/api/sse?sessionId=a', { ...(await bearer()), origin: ORIGIN }))
    expect(Object.fromEntries(response.headers)).toMatchObject({
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-cache, no-transform',
      'x-accel-buffering': 'no',
      'access-control-allow-origin': ORIGIN,
      'access-control-allow-credentials': 'true',
      vary: 'Origin',
    })
    const reader = response.body?.getReader()
    expect(new TextDecoder().decode((await reader?.read())?.value)).toBe(': throughline\n\n')
    await reader?.cancel()
  })

  test.each([400, 401, 403, 404, 406, 410, 429, 503])(
    'passes %i on with its wait and its words',
    async (status) => {
      answer = problem(status, { 'retry-after': '7', 'access-control-allow-origin': '*', server: 'inside' })
      const response = await sse()(ask('/api/sse?sessionId=a', await bearer()))
      expect([response.status, response.headers.get('retry-after')]).toEqual([status, '7'])
      expect(response.headers.get('access-control-allow-origin')).toBeNull()
      expect(response.headers.get('server')).toBeNull()
      expect(await titleOf(response)).toBe('No')
    },
  )

  test.each<[string, Answer]>([
    ['fails', problem(500)],
    ['is down behind its own proxy', problem(502)],
    ['answers in HTML', (_, response) => response.writeHead(404, { 'content-type': 'text/html' }).end('<p>')],
    [
      'sends us elsewhere',
      (_, response) => response.writeHead(302, { location: 'http://evil.example' }).end(),
    ],
    ['answers 200 and no stream', (_, response) => response.writeHead(200).end('{}')],
    [
      'refuses at great length',
      (_, response) => {
        response.writeHead(404, { 'content-type': 'application/problem+json' }).end('x'.repeat(100_000))
      },
    ],
    ['hangs up', (request) => request.socket.destroy()],
  ])('says 502 when the hub %s', async (_, broken) => {
    answer = broken
    const response = await sse()(ask('/api/sse?sessionId=a', await bearer()))
    expect(response.status).toBe(502)
    expect(fieldsOf(await response.json())).toEqual({
      title: 'Backend connection failed',
      status: 502,
      code: 'network_error',
      detail: 'The server behind this one cannot be reached: try again.',
    })
  })

  test('says 502 when the hub cannot be reached, or does not begin to answer in time', async () => {
    const gone = sse({ backendUrl: 'http://127.0.0.1:1' })
    expect((await gone(ask('/api/sse?sessionId=a', await bearer()))).status).toBe(502)
    const clock = createTestClock(Date.now())
    const asked = new Promise<void>((resolve) => {
      answer = () => {
        resolve()
      }
    })
    const waiting = sse({ timers: clock.timers })(ask('/api/sse?sessionId=a', await bearer()))
    await asked
    await clock.pass(30_000)
    expect((await waiting).status).toBe(502)
  })

  test('asks nobody before the gate, the session and the token are fine', async () => {
    const proxy = sse()
    const authorization = `Bearer ${await tokenOf('ada')}`
    const cookie = `auth_token=${await tokenOf('ada')}`
    const refusals: [number, string, Record<string, string>, string?][] = [
      [403, 'Host not allowed', { authorization, host: 'evil.example' }],
      [403, 'Origin not allowed', { authorization, origin: 'https://evil.example' }],
      [403, 'Origin not allowed', { authorization, origin: 'null' }],
      [403, 'Origin not allowed', { cookie, 'sec-fetch-site': 'cross-site' }],
      [400, 'Session ID required', { authorization }, '/api/sse'],
      [400, 'Invalid session ID', { authorization }, '/api/sse?sessionId=a%2F..%2Fb'],
      [400, 'Invalid session ID', { authorization }, '/api/sse?sessionId=a%0d%0ab'],
      [401, 'Unauthorized', {}],
      [401, 'Unauthorized', { cookie }],
      [401, 'Invalid token', { authorization: 'Bearer aa.bb.cc' }],
      [406, 'Not acceptable', { cookie, 'x-throughline': '1' }],
    ]
    for (const [status, title, headers, path = '/api/sse?sessionId=a'] of refusals) {
      const response = await proxy(ask(path, headers))
      expect([response.status, await titleOf(response)]).toEqual([status, title])
    }
    expect(seen).toEqual([])
  })

  test('answers a preflight of an allowed origin itself', async () => {
    const headers = { origin: ORIGIN, 'access-control-request-method': 'GET' }
    const response = await sse()(ask('/api/sse', headers, { method: 'OPTIONS' }))
    expect(response.status).toBe(200)
    expect(Object.fromEntries(response.headers)).toMatchObject({
      'access-control-allow-origin': ORIGIN,
      'access-control-allow-methods': 'GET, OPTIONS',
      'access-control-allow-headers': 'Authorization, Content-Type, Last-Event-ID, X-Throughline',
      'access-control-max-age': '86400',
    })
    const foreign = ask('/api/sse', { origin: 'https://evil.example' }, { method: 'OPTIONS' })
    expect((await sse()(foreign)).status).toBe(403)
    expect((await sse()(ask('/api/sse', await bearer(), { method: 'POST' }))).status).toBe(405)
  })

  test('ends cleanly with the token, and closes what is behind', async () => {
    const clock = createTestClock(Date.now())
    const closed = new Promise((resolve) => {
      answer = (request, response) => {
        request.socket.once('close', resolve)
        stream(request, response)
      }
    })
    const proxy = sse({ timers: clock.timers, now: clock.now })
    const response = await proxy(ask('/api/sse?sessionId=a', await bearer()))
    const text = response.text()
    await clock.pass(60_001)
    expect(await text).toContain(': throughline\n\n')
    await closed
  })

  test.each(['abort', 'cancel'])('closes what is behind when the browser leaves by %s', async (way) => {
    const leaving = new AbortController()
    const closed = new Promise((resolve) => {
      answer = (request, response) => {
        request.socket.once('close', resolve)
        stream(request, response)
      }
    })
    const request = ask('/api/sse?sessionId=a', await bearer(), { signal: leaving.signal })
    const response = await sse({ maxStreams: 1 })(request)
    const reader = response.body?.getReader()
    await reader?.read()
    await reader?.read()
    if (way === 'abort') leaving.abort()
    else await reader?.cancel()
    await closed
  })

  test('carries at most so many streams, and gives a place back with its stream', async () => {
    const proxy = sse({ maxStreams: 1 })
    const first = await proxy(ask('/api/sse?sessionId=a', await bearer()))
    const second = await proxy(ask('/api/sse?sessionId=a', await bearer()))
    expect([second.status, second.headers.has('retry-after')]).toEqual([503, true])
    await first.body?.cancel()
    answer = problem(404)
    expect((await proxy(ask('/api/sse?sessionId=a', await bearer()))).status).toBe(404)
    expect((await proxy(ask('/api/sse?sessionId=a', await bearer()))).status).toBe(404)
  })
})

describe('the proxy of everything else', () => {
  const api = (trustedProxies: readonly string[] = []) =>
    createApiProxy({ backendUrl, origins: { allowOrigins: [ORIGIN] }, trustedProxies })

  test('passes method, path, body and cookies on, and answers, cookies and all, back', async () => {
    let body = ''
    answer = (request, response) => {
      request.on('data', (chunk: Buffer) => (body += chunk.toString()))
      request.on('end', () => {
        const headers = {
          'content-type': 'application/json',
          'set-cookie': ['a=1; HttpOnly', 'b=2'],
          'x-request-id': 'id',
          'x-inside': '1',
        }
        response.writeHead(201, headers).end('{"ok":true}')
      })
    }
    const headers = {
      cookie: 'auth_token=t',
      origin: ORIGIN,
      'content-type': 'application/json',
      'x-evil': '1',
    }
    const response = await api()(
      ask('/api/sessions/a?x=1', headers, { method: 'PUT', body: '{"title":"x"}' }),
    )
    expect([response.status, await response.json()]).toEqual([201, { ok: true }])
    expect(response.headers.getSetCookie()).toEqual(['a=1; HttpOnly', 'b=2'])
    expect(response.headers.get('x-request-id')).toBe('id')
    expect(response.headers.get('x-inside')).toBeNull()
    expect([seen[0]?.method, seen[0]?.url, body]).toEqual(['PUT', '/api/sessions/a?x=1', '{"title":"x"}'])
    expect(seen[0]?.headers).toMatchObject({ cookie: 'auth_token=t', 'x-throughline': '1' })
    expect(seen[0]?.headers).not.toHaveProperty('x-evil')
    expect(seen[0]?.headers.origin).toBeUndefined()
  })

  test('reads the rest of a body that the hub refused before its end, so that the refusal is heard', async () => {
    answer = problem(413)
    let sent = 0
    const body = new ReadableStream<Uint8Array<ArrayBuffer>>({
      pull(controller) {
        if (sent++ === 64) controller.close()
        else controller.enqueue(new Uint8Array(65_536))
      },
    })
    const init: RequestInit & { duplex: 'half' } = { method: 'POST', body, duplex: 'half' }
    const response = await api()(ask('/api/sessions/a/events', { origin: ORIGIN }, init))
    expect(response.status).toBe(413)
    await expect.poll(() => sent).toBe(65)
  })

  test('asks the hub what a path takes, and tells an allowed origin that', async () => {
    answer = (_, response) => response.writeHead(200, { allow: 'POST, GET, TRACE, OPTIONS' }).end()
    const preflight = (origin: string, path = '/api/sessions?search=x') =>
      api()(ask(path, { origin, cookie: 'auth_token=t' }, { method: 'OPTIONS' }))
    const response = await preflight(ORIGIN)
    expect([response.status, response.headers.get('access-control-allow-methods')]).toEqual([
      200,
      'GET, POST, OPTIONS',
    ])
    expect([seen[0]?.method, seen[0]?.url, seen[0]?.headers.cookie]).toEqual([
      'OPTIONS',
      '/api/sessions',
      undefined,
    ])
    expect((await preflight('https://evil.example')).status).toBe(403)
    expect((await preflight(ORIGIN, '/metrics')).status).toBe(404)
    expect((await api()(ask('/api/sessions', {}, { method: 'OPTIONS' }))).status).toBe(403)
    expect(seen).toHaveLength(1)
    answer = problem(404)
    const unknown = await preflight(ORIGIN)
    expect([unknown.status, unknown.headers.get('access-control-allow-origin')]).toEqual([404, ORIGIN])
    answer = (_, silent) => silent.writeHead(200).end()
    expect((await preflight(ORIGIN)).status).toBe(502)
  })

  test('leaves cookies behind that nobody vouches for', async () => {
    answer = problem(401)
    const response = await api()(ask('/api/auth/me', { cookie: 'auth_token=t' }))
    expect([response.status, seen[0]?.headers.cookie, seen[0]?.headers['x-throughline']]).toEqual([
      401,
      undefined,
      undefined,
    ])
  })

  test('passes the client address on where a trusted proxy has written it', async () => {
    answer = problem(404)
    const headers = { 'x-forwarded-for': '6.6.6.6, 9.9.9.9', 'x-forwarded-proto': 'https' }
    await api()(ask('/api/auth/me', headers))
    await api(['10.0.0.0/8'])(ask('/api/auth/me', headers))
    const told = seen.map((request) => [
      request.headers['x-forwarded-for'],
      request.headers['x-forwarded-proto'],
    ])
    expect(told).toEqual([
      [undefined, 'http'],
      ['6.6.6.6, 9.9.9.9', 'https'],
    ])
  })

  test('asks for nothing that is not of the API, however it is written', async () => {
    for (const path of ['/metrics', '/api/../metrics', '/api/%2e%2e/metrics', '/apis']) {
      expect((await api()(ask(path, { origin: ORIGIN }))).status).toBe(404)
    }
    expect(seen).toEqual([])
    expect((await api()(ask('/api/sessions', { origin: 'https://evil.example' }))).status).toBe(403)
    expect((await api()(ask('/api/sessions', { host: 'evil.example' }))).status).toBe(403)
    expect(seen).toEqual([])
  })
})
