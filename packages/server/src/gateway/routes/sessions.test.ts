import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createTestClock, type TestClock } from '../../testing/clock.ts'
import { startService, type TestService } from '../../testing/service.ts'
import { isType, openStream } from '../../testing/stream.ts'
import { dig, digList } from '../../testing/dig.ts'

const MINUTE = 60_000
let clock: TestClock
let hub: TestService

beforeEach(async () => {
  clock = createTestClock()
  hub = await startService({ now: clock.now, timers: clock.timers })
})
afterEach(() => hub.close())

const create = (id: string, body?: unknown) =>
  hub.call('PUT', `/api/sessions/${id}`, body === undefined ? {} : { body })

describe('creating a session', () => {
  test('under a name of the client is idempotent; under one of the server it is new', async () => {
    const first = await create('s1')
    expect([first.status, first.json]).toEqual([
      201,
      { id: 's1', title: '', archived: false, createdAt: clock.now(), updatedAt: clock.now(), active: false },
    ])
    await clock.pass(5)
    const again = await create('s1', { title: 'Another' })
    expect([again.status, again.json['title'], again.json['createdAt']]).toEqual([
      200,
      '',
      first.json['createdAt'],
    ])
    const named = await hub.call('POST', '/api/sessions')
    expect([named.status, String(named.json['id']).length]).toEqual([201, 36])
  })

  test('with a title tells it to every reader, and a repeat tells it once', async () => {
    await create('s1', { title: ' Rivers\n of Asia ' })
    await create('s1', { title: 'Other' })
    const answer = await hub.call('GET', '/api/sessions/s1')
    expect(answer.json).toMatchObject({
      session: { title: 'Rivers of Asia' },
      state: { title: 'Rivers of Asia' },
    })
    expect(String(answer.json['cursor'])).toMatch(/-1$/)
  })

  test('A2 under the name of a foreign one answers like an unknown one', async () => {
    await create('s1')
    const foreign = await hub.call('PUT', '/api/sessions/s1', { as: 'eve' })
    expect([foreign.status, foreign.json['code']]).toEqual([404, 'not_found'])
  })
})

describe('the list', () => {
  test('shows the own sessions, newest first, page by page, and finds titles', async () => {
    for (const id of ['a', 'b', 'c', 'd', 'e']) {
      await create(id, { title: `Session ${id}` })
      await clock.pass(1)
    }
    await hub.call('PUT', '/api/sessions/foreign', { as: 'eve', body: { title: 'Session' } })
    const ids = (answer: { json: Record<string, unknown> }): unknown[] =>
      digList(answer.json, 'sessions').map((session) => dig(session, 'id'))
    const first = await hub.call('GET', '/api/sessions?limit=2')
    const second = await hub.call('GET', `/api/sessions?limit=2&before=${String(first.json['before'])}`)
    const third = await hub.call('GET', `/api/sessions?limit=2&before=${String(second.json['before'])}`)
    expect([ids(first), ids(second), ids(third)]).toEqual([['e', 'd'], ['c', 'b'], ['a']])
    expect(third.json['before']).toBeUndefined()
    expect(ids(await hub.call('GET', '/api/sessions?search=ION%20C'))).toEqual(['c'])
    await hub.call('PATCH', '/api/sessions/b', { body: { archived: true } })
    expect(ids(await hub.call('GET', '/api/sessions?archived=true'))).toEqual(['b'])
    expect(ids(await hub.call('GET', '/api/sessions?archived=false&limit=9'))).toEqual(['e', 'd', 'c', 'a'])
    for (const bad of ['limit=101', 'limit=-1', 'limit=x', 'before=x', 'archived=1']) {
      expect((await hub.call('GET', `/api/sessions?${bad}`)).status).toBe(400)
    }
  })

  test('says which sessions have a run under way', async () => {
    await create('s1')
    await hub.call('POST', '/api/sessions/s1/messages', { body: { content: 'Hi', clientMessageId: 'm1' } })
    expect(dig((await hub.call('GET', '/api/sessions')).json, 'sessions', 0, 'active')).toBe(true)
    await hub.call('POST', '/api/sessions/s1/runs/r_m1/cancel')
    expect(dig((await hub.call('GET', '/api/sessions')).json, 'sessions', 0, 'active')).toBe(false)
  })
})

describe('renaming and archiving', () => {
  test('change the list and the stream in one step, and a renamed session keeps its name', async () => {
    await create('s1')
    const renamed = await hub.call('PATCH', '/api/sessions/s1', { body: { title: 'Mine' } })
    expect([renamed.status, renamed.json['title']]).toEqual([200, 'Mine'])
    await hub.call('POST', '/api/sessions/s1/messages', {
      body: { content: 'First line', clientMessageId: 'm1' },
    })
    const answer = await hub.call('GET', '/api/sessions/s1')
    expect(answer.json).toMatchObject({ session: { title: 'Mine' }, state: { title: 'Mine' } })
    for (const body of [{}, { title: ' ' }, { archived: 'yes' }, { title: 'x'.repeat(201) }]) {
      expect((await hub.call('PATCH', '/api/sessions/s1', { body })).status).toBe(400)
    }
  })
})

describe('deleting a session', () => {
  beforeEach(async () => {
    await create('s1')
  })

  test('ends its runs and its streams, hides it, and can be undone for ten minutes', async () => {
    await hub.call('POST', '/api/sessions/s1/messages', { body: { content: 'Hi', clientMessageId: 'm1' } })
    const stream = await openStream(hub, '/api/sse?sessionId=s1')
    await stream.until(isType('caught_up'))
    expect((await hub.call('DELETE', '/api/sessions/s1')).status).toBe(204)
    await stream.ended
    expect(stream.envelopes.slice(-2).map(({ type, data }) => [type, data])).toEqual([
      ['run_completed', { runId: 'r_m1', status: 'cancelled', reason: 'The session was deleted.' }],
      ['session_closed', expect.anything()],
    ])
    expect((await hub.call('GET', '/api/sessions')).json['sessions']).toEqual([])
    for (const path of ['', '/updates', '/messages']) {
      const gone = await hub.call('GET', `/api/sessions/s1${path}`)
      expect([gone.status, gone.json['code']]).toEqual([410, 'stream_closed'])
    }
    expect((await openStream(hub, '/api/sse?sessionId=s1')).status).toBe(410)
    expect((await hub.call('GET', '/api/sessions/s1', { as: 'eve' })).status).toBe(404)
    expect((await create('s1')).status).toBe(410)

    await clock.pass(10 * MINUTE)
    expect((await hub.call('POST', '/api/sessions/s1/restore', { as: 'eve' })).status).toBe(404)
    expect((await hub.call('POST', '/api/sessions/s1/restore')).status).toBe(200)
    expect((await hub.call('GET', '/api/sessions/s1')).json).toMatchObject({
      state: { messages: [{ content: 'Hi' }] },
    })
  })

  test('is for good after ten minutes; then the log goes and a tombstone answers its owner alone', async () => {
    await hub.call('DELETE', '/api/sessions/s1')
    await clock.pass(10 * MINUTE + 1)
    const late = await hub.call('POST', '/api/sessions/s1/restore')
    expect([late.status, late.json['title']]).toEqual([410, 'Session deleted'])
    expect(await hub.driver.sessions.get('s1')).toBeDefined()
    for (let minute = 0; minute < 2; minute++) await clock.pass(MINUTE)
    expect(await hub.driver.sessions.get('s1')).toBeUndefined()
    for (const [method, path] of [
      ['GET', ''],
      ['PUT', ''],
      ['GET', '/updates'],
      ['POST', '/restore'],
    ] as const) {
      expect((await hub.call(method, `/api/sessions/s1${path}`)).status).toBe(410)
      const [foreign, unknown] = [
        await hub.call(method, `/api/sessions/s1${path}`, { as: 'eve' }),
        await hub.call('GET', '/api/sessions/nobodys', { as: 'eve' }),
      ]
      expect([foreign.status, foreign.text]).toEqual([404, unknown.text])
    }
  })
})

test('A2 a foreign session is unknown to every route', async () => {
  await create('s1')
  await hub.call('POST', '/api/sessions/s1/messages', { body: { content: 'Secret', clientMessageId: 'm1' } })
  const message = { content: 'x', clientMessageId: 'x' }
  const routes: readonly (readonly [string, string, unknown?])[] = [
    ['GET', '/api/sse?sessionId=ID'],
    ['GET', '/api/run_sse/ID'],
    ['GET', '/api/sessions/ID'],
    ['PATCH', '/api/sessions/ID', { title: 'x' }],
    ['DELETE', '/api/sessions/ID'],
    ['POST', '/api/sessions/ID/restore'],
    ['GET', '/api/sessions/ID/updates'],
    ['GET', '/api/sessions/ID/messages'],
    ['POST', '/api/sessions/ID/messages', message],
    ['POST', '/api/sessions/ID/messages/m1/regenerate'],
    ['POST', '/api/sessions/ID/runs/r_m1/continue'],
    ['POST', '/api/sessions/ID/runs/r_m1/cancel'],
    ['POST', '/api/sessions/ID/runs/r_m1/input', { decision: 'steer' }],
  ]
  for (const [method, path, body] of routes) {
    const ask = (id: string) =>
      hub.call(method, path.replace('ID', id), { as: 'eve', ...(body !== undefined && { body }) })
    const [foreign, unknown] = [await ask('s1'), await ask('nobodys')]
    expect([path, foreign.status, foreign.text]).toEqual([path, 404, unknown.text])
    const names = (headers: Headers) => [...headers.keys()].filter((name) => name !== 'date')
    expect(names(foreign.headers)).toEqual(names(unknown.headers))
  }
  expect((await hub.call('GET', '/api/sessions/s1')).json).toMatchObject({
    state: { messages: [{ id: 'm1' }] },
  })
})
