import type { Problem } from '@throughline/protocol'
import { connect } from 'node:net'
import { once } from 'node:events'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { apiUser, guest, type ApiUser } from './harness/api.ts'
import { startApp, type RunningApp } from './harness/app.ts'
import { publisherToken } from './harness/token.ts'

let hub: RunningApp
let user: ApiUser
let backend: ApiUser
let session: string

beforeAll(async () => {
  hub = await startApp({}, 'hub')
  user = await guest(hub.url)
  backend = apiUser(hub.url, await publisherToken(hub.dataDir))
  session = (await user.json<{ id: string }>('POST', '/api/sessions', {})).id
})

afterAll(async () => {
  await hub?.dispose()
})

async function refusal(response: Response): Promise<[number, string]> {
  expect(response.headers.get('content-type')).toContain('application/problem+json')
  const text = await response.text()
  expect(text).not.toMatch(/\\n|node:|\.ts\b|\.js\b|Error:|stack/)
  const problem = JSON.parse(text) as Problem
  expect(problem.status).toBe(response.status)
  return [response.status, problem.code]
}

const message = (body: unknown) => () => user.request('POST', `/api/sessions/${session}/messages`, body)
const events = (body: unknown) => () => backend.request('POST', `/api/sessions/${session}/events`, body)

test.each([
  ['malformed JSON', message('{"content": '), 400, 'invalid_request'],
  ['a body that is no object', message('[]'), 400, 'invalid_request'],
  ['a field of the wrong type', message({ content: 7, clientMessageId: 'a' }), 400, 'invalid_request'],
  [
    'a prototype key',
    message('{"__proto__": {"x": 1}, "content": "a", "clientMessageId": ""}'),
    400,
    'invalid_request',
  ],
  [
    'too large a body',
    message({ content: 'x'.repeat(3_000_000), clientMessageId: 'a' }),
    413,
    'invalid_request',
  ],
  [
    'another content type',
    () => user.request('POST', `/api/sessions/${session}/messages`, 'x', { 'content-type': 'text/plain' }),
    415,
    'invalid_request',
  ],
  ['an unknown session', () => user.request('GET', '/api/sessions/none'), 404, 'not_found'],
  [
    'an ill-formed session id',
    () => user.request('GET', '/api/sse?sessionId=..%2Fetc', undefined, { accept: 'text/event-stream' }),
    400,
    'invalid_request',
  ],
  [
    'no session id',
    () => user.request('GET', '/api/sse', undefined, { accept: 'text/event-stream' }),
    400,
    'invalid_request',
  ],
  ['an unknown route', () => user.request('GET', '/api/nothing'), 404, 'not_found'],
  ['a wrong method', () => user.request('PUT', '/api/runs/claim', {}), 405, 'invalid_request'],
  ['no credentials', () => fetch(`${hub.url}/api/sessions`), 401, 'auth_error'],
  [
    'an invalid token',
    () => apiUser(hub.url, 'abc.def.ghi').request('GET', '/api/sessions'),
    401,
    'auth_error',
  ],
  [
    'a foreign origin',
    () => user.request('GET', '/api/sessions', undefined, { origin: 'https://evil.example' }),
    403,
    'forbidden_origin',
  ],
  [
    'an event type that cannot be one',
    events({ producerId: 'p', producerSeq: 1, events: [{ type: 'Not A Type', data: {} }] }),
    400,
    'invalid_request',
  ],
  [
    'a control event from a producer',
    events({ producerId: 'p', producerSeq: 1, events: [{ type: 'heartbeat', data: { heads: {} } }] }),
    400,
    'invalid_request',
  ],
  [
    'a known event with wrong data',
    events({ producerId: 'p', producerSeq: 1, events: [{ type: 'message_chunk', data: { content: 1 } }] }),
    400,
    'invalid_request',
  ],
  [
    'a gap in a producer',
    events({ producerId: 'p', producerSeq: 5, events: [{ type: 'custom', data: {} }] }),
    409,
    'conflict',
  ],
  [
    'events without the scope',
    () =>
      user.request('POST', `/api/sessions/${session}/events`, {
        producerId: 'p',
        producerSeq: 1,
        events: [],
      }),
    403,
    'auth_error',
  ],
  [
    'a run that never was',
    () => user.request('POST', `/api/sessions/${session}/runs/none/cancel`, {}),
    404,
    'not_found',
  ],
] as const)(
  '%s is refused as the protocol says, and tells nothing internal',
  async (_, send, status, code) => {
    expect(await refusal(await send())).toEqual([status, code])
  },
)

test('bytes that are no HTTP close that connection and nothing else', async () => {
  const socket = connect(hub.port, '127.0.0.1')
  await once(socket, 'connect')
  socket.write('\u0000\u0001garbage\r\n\r\n')
  socket.resume()
  await once(socket, 'close')
  expect((await fetch(`${hub.url}/healthz`)).status).toBe(200)
})

test('an unknown event type from a producer is stored and told, and folds to nothing', async () => {
  const answer = await events({
    producerId: 'custom',
    producerSeq: 1,
    events: [{ type: 'my_event', data: { a: 1 } }],
  })()
  expect(answer.status).toBe(200)
  const { events: stored } = await user.json<{ events: { type: string; data: unknown }[] }>(
    'GET',
    `/api/sessions/${session}/updates?after=${encodeURIComponent(await firstCursor())}`,
  )
  expect(stored.at(-1)).toMatchObject({ type: 'my_event', data: { a: 1 } })
})

async function firstCursor(): Promise<string> {
  const { cursor } = await user.json<{ cursor: string }>('GET', `/api/sessions/${session}/updates`)
  return `${cursor.split('-', 1)[0] ?? ''}-0`
}

test('after all of that the hub serves as before and stops cleanly', async () => {
  expect((await user.request('GET', '/api/sessions')).status).toBe(200)
  expect(await hub.stop()).toBe(0)
})
