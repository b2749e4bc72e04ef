import { afterAll, beforeAll, expect, test } from 'vitest'
import { dig } from '../testing/dig.ts'
import { startService, type CallOptions, type TestAnswer, type TestService } from '../testing/service.ts'
import { allRoutes } from './routes/index.ts'
import { createServices } from './services.ts'

/** Routes that name nobody's things: each says why there is nothing of somebody else to be had. */
const OWN_BY_NATURE: Readonly<Record<string, string>> = {
  'POST /api/sessions': 'makes one of the caller',
  'GET /api/sessions': 'lists those of the caller',
  'POST /api/runs/claim': 'is for workers, who are trusted with every run',
  'POST /api/auth/sign-out': 'ends the login that it is sent with',
  'POST /api/auth/everywhere': 'ends the logins of the caller',
  'GET /api/auth/me': 'tells who the caller is',
  'POST /api/auth/guest': 'begins a login of its own',
  'POST /api/auth/refresh': 'exchanges the token that it is sent with',
}

/** Bodies that would be taken, were the session the caller's. */
const BODIES: Readonly<Record<string, unknown>> = {
  'PUT /api/sessions/:sessionId': {},
  'PATCH /api/sessions/:sessionId': { title: 'taken' },
  'POST /api/sessions/:sessionId/messages': { content: 'taken', clientMessageId: 'taken' },
  'POST /api/sessions/:sessionId/runs/:runId/input': { inputId: 'taken', decision: 'approve' },
}

interface Named {
  readonly sessionId: string
  readonly runId: string
  readonly messageId: string
}

let hub: TestService
let adas: Named
let routes: readonly { readonly method: string; readonly pattern: string; readonly access: string }[]

beforeAll(async () => {
  hub = await startService()
  routes = allRoutes(createServices(hub.service))
  await hub.call('PUT', '/api/sessions/adas')
  await hub.call('PUT', '/api/sessions/eves', { as: 'eve' })
  const body = { content: 'a secret question', clientMessageId: 'm1' }
  const { json } = await hub.call('POST', '/api/sessions/adas/messages', { body })
  adas = { sessionId: 'adas', messageId: 'm1', runId: String(json['runId']) }
})
afterAll(() => hub.close())

const keyOf = ({ method, pattern }: { method: string; pattern: string }): string => `${method} ${pattern}`

function pathOf(pattern: string, named: Named): string {
  const filled = pattern
    .replace(':sessionId', named.sessionId)
    .replace(':runId', named.runId)
    .replace(':messageId', named.messageId)
    .replace(':producerId', 'p')
    .replace(':shareId', 'share')
  return pattern.endsWith('/api/sse') ? `${filled}?sessionId=${named.sessionId}` : filled
}

function callAs(as: string, route: { method: string; pattern: string }, named: Named): Promise<TestAnswer> {
  const body = BODIES[keyOf(route)]
  const options: CallOptions = { as, ...(body !== undefined && { body }) }
  return hub.call(route.method, pathOf(route.pattern, named), options)
}

const stateOf = async (): Promise<string> => (await hub.call('GET', '/api/sessions/adas')).text

test('A2 every route of the table names a session, or says why it need not', () => {
  const named = routes.filter(({ pattern }) => pattern.includes(':sessionId') || pattern.endsWith('/api/sse'))
  const others = routes.filter((route) => !named.includes(route))
  expect(others.map(keyOf).sort()).toEqual(Object.keys(OWN_BY_NATURE).sort())
  expect(named.length).toBeGreaterThan(15)
})

test('A2 on every route a foreign session is answered like one that does not exist, and stays as it was', async () => {
  const before = await stateOf()
  const unknown: Named = { ...adas, sessionId: 'nobodys' }
  let judged = 0
  for (const route of routes) {
    if (OWN_BY_NATURE[keyOf(route)] !== undefined) continue
    const foreign = await callAs('eve', route, adas)
    // Making a session is the one thing that may be done with a name that nobody has.
    const isMaking = keyOf(route) === 'PUT /api/sessions/:sessionId'
    const stranger = isMaking ? foreign : await callAs('eve', route, unknown)
    const expected = route.access === 'user' ? [404] : [401, 403]
    expect(expected, keyOf(route)).toContain(foreign.status)
    expect([foreign.status, foreign.text], keyOf(route)).toEqual([stranger.status, stranger.text])
    expect(foreign.text, keyOf(route)).not.toContain('secret question')
    judged += 1
  }
  expect(judged).toBe(routes.length - Object.keys(OWN_BY_NATURE).length)
  expect(await stateOf()).toBe(before)
})

test("A2 a run or a message of somebody else's is none in one's own session", async () => {
  const before = await stateOf()
  const mixed: Named = { ...adas, sessionId: 'eves' }
  const inner = routes.filter(
    ({ pattern, access }) => /:(runId|messageId)/.test(pattern) && access === 'user',
  )
  expect(inner.length).toBeGreaterThan(3)
  for (const route of inner) {
    const { status, text } = await callAs('eve', route, mixed)
    expect([404, 409], `${keyOf(route)}: ${text}`).toContain(status)
  }
  expect(await stateOf()).toBe(before)
  expect(dig(JSON.parse(before), 'state', 'runs', 0, 'status')).toBe('queued')
})

test('A2 a cursor of another session resets and shows nothing of that session', async () => {
  const { cursor } = (await hub.call('GET', '/api/sessions/adas')).json
  const answer = await hub.call('GET', `/api/sessions/eves/updates?after=${String(cursor)}`, { as: 'eve' })
  expect(dig(answer.json, 'reset', 'reason')).toBe('epoch')
  expect(answer.text).not.toContain('secret question')
})
