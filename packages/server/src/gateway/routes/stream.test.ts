import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createTestClock, type TestClock } from '../../testing/clock.ts'
import { rawRequest } from '../../testing/raw-request.ts'
import { startService, type TestService } from '../../testing/service.ts'
import { isType, openStream } from '../../testing/stream.ts'
import { dig } from '../../testing/dig.ts'

let hub: TestService

beforeEach(async () => {
  hub = await startService({ env: { MAX_CONNECTIONS: '6', MAX_CONNECTIONS_PER_USER: '2', COALESCE_MS: '0' } })
  await hub.call('PUT', '/api/sessions/a')
  await hub.call('PUT', '/api/sessions/b')
  await hub.call('PUT', '/api/sessions/foreign', { as: 'eve' })
})
afterEach(() => hub.close())

/** Appends one event to a session; its cursor. */
async function append(sessionId: string): Promise<string> {
  const { head } = await hub.service.log.append(sessionId, [{ type: 'note', data: null }])
  return `${head.epoch}-${String(head.offset)}`
}

const offsets = (envelopes: readonly { id?: string; sessionId: string }[], sessionId: string) =>
  envelopes.flatMap((envelope) =>
    envelope.sessionId === sessionId ? (envelope.id?.split('-')[1] ?? []) : [],
  )

describe('a stream', () => {
  test('has exactly the headers that keep it whole on its way', async () => {
    for (const path of ['/api/sse?sessionId=a', '/api/run_sse/a']) {
      const stream = await openStream(hub, path)
      expect(stream.status).toBe(200)
      expect(stream.headers.get('content-type')).toBe('text/event-stream; charset=utf-8')
      expect(stream.headers.get('cache-control')).toBe('no-cache, no-transform')
      expect(stream.headers.get('x-accel-buffering')).toBe('no')
      expect(stream.headers.get('content-encoding')).toBeNull()
      await stream.until(isType('caught_up'))
      stream.leave()
    }
  })

  test('by cookie is for those who ask for one', async () => {
    const cookie = `auth_token=${await hub.token('ada')}`
    const ask = (accept: Readonly<Record<string, string>>) =>
      rawRequest(`${hub.url}/api/sse?sessionId=a`, {
        headers: { cookie, 'sec-fetch-site': 'same-origin', ...accept },
      })
    expect((await ask({ accept: 'text/event-stream' })).status).toBe(200)
    for (const accept of [{}, { accept: '*/*' }, { accept: 'text/html,image/*' }]) {
      const answer = await ask(accept)
      expect([answer.status, answer.json['title']]).toEqual([406, 'Not acceptable'])
    }
  })

  test('R2 goes on from after=, and Last-Event-ID wins over it', async () => {
    const cursors = [await append('a'), await append('a'), await append('a')]
    const from = async (after: string, headers = {}) => {
      const stream = await openStream(hub, `/api/sse?sessionId=a&after=${after}`, { headers })
      await stream.until(isType('caught_up'))
      stream.leave()
      return offsets(stream.envelopes, 'a')
    }
    expect(await from(cursors[0] ?? '')).toEqual(['2', '3'])
    expect(await from(cursors[0] ?? '', { 'last-event-id': cursors[1] })).toEqual(['3'])
    expect(await from(cursors[0] ?? '', { 'last-event-id': '' })).toEqual(['2', '3'])
  })

  test.each([
    ['of another session', () => append('b'), 'epoch'],
    ['malformed', () => Promise.resolve('x'.repeat(8_000)), 'malformed'],
    ['ahead', async () => (await append('a')).replace(/-1$/, '-2'), 'ahead'],
  ])('R2 A2 resets in-band from a cursor that is %s', async (_, cursorOf, reason) => {
    const headers = { 'last-event-id': await cursorOf() }
    const stream = await openStream(hub, '/api/sse?sessionId=a', { headers })
    const reset = await stream.until(isType('reset'))
    expect(reset.data).toMatchObject({ reason })
    await stream.until(isType('snapshot'))
    stream.leave()
  })
})

describe('a stream of several sessions', () => {
  test('pairs each session with its cursor, in either order', async () => {
    const [a, b] = [await append('a'), await append('b')]
    await append('a')
    for (const query of [
      `sessionId=a&after=${a}&sessionId=b&after=${b}`,
      `sessionId=a&sessionId=b&after=${a}&after=${b}`,
    ]) {
      const stream = await openStream(hub, `/api/sse?${query}`)
      await stream.until((envelope) => isType('caught_up')(envelope) && envelope.sessionId === 'a')
      await stream.until((envelope) => isType('caught_up')(envelope) && envelope.sessionId === 'b')
      expect([offsets(stream.envelopes, 'a'), offsets(stream.envelopes, 'b')]).toEqual([['2'], []])
      stream.leave()
    }
  })

  test('gives a lone cursor to the session before it, and the others a snapshot', async () => {
    const b = await append('b')
    const stream = await openStream(hub, `/api/sse?sessionId=a&sessionId=b&after=${b}`)
    const snapshot = await stream.until(isType('snapshot'))
    await stream.until((envelope) => isType('caught_up')(envelope) && envelope.sessionId === 'b')
    expect(snapshot.sessionId).toBe('a')
    expect(offsets(stream.envelopes, 'b')).toEqual([])
    stream.leave()
  })

  test('gives Last-Event-ID to the session whose epoch it names', async () => {
    const [a1, b1] = [await append('a'), await append('b')]
    const b2 = await append('b')
    await append('b')
    const headers = { 'last-event-id': b2 }
    const stream = await openStream(hub, `/api/sse?sessionId=a&after=${a1}&sessionId=b&after=${b1}`, {
      headers,
    })
    await stream.until((envelope) => isType('caught_up')(envelope) && envelope.sessionId === 'b')
    expect([offsets(stream.envelopes, 'a'), offsets(stream.envelopes, 'b')]).toEqual([[], ['3']])
    stream.leave()
  })

  test('A2 tells refusals in-band, alike for unknown and foreign, and spoils no other', async () => {
    await hub.call('PUT', '/api/sessions/gone')
    await hub.call('DELETE', '/api/sessions/gone')
    const ids = ['a', 'foreign', 'unknown', 'gone']
    const stream = await openStream(hub, `/api/sse?${ids.map((id) => `sessionId=${id}`).join('&')}`)
    await stream.until(isType('caught_up'))
    const closed = stream.envelopes.filter(isType('session_closed'))
    expect(closed.map(({ sessionId, data }) => [sessionId, dig(data, 'code')])).toEqual([
      ['foreign', 'not_found'],
      ['unknown', 'not_found'],
      ['gone', 'stream_closed'],
    ])
    stream.leave()
    const none = await openStream(hub, '/api/sse?sessionId=foreign&sessionId=unknown')
    await none.ended
    expect(none.envelopes.map(({ type }) => type)).toEqual(['session_closed', 'session_closed'])
  })

  test.each([
    ['too many sessions', Array.from({ length: 33 }, (_, i) => `sessionId=s${String(i)}`).join('&')],
    ['one twice', 'sessionId=a&sessionId=a'],
    ['more cursors than sessions', 'sessionId=a&after=x&after=y'],
    ['two cursors for one', 'sessionId=a&after=x&after=y&sessionId=b&sessionId=c'],
    ['a cursor before any session', 'after=x&sessionId=a&sessionId=b'],
    ['an ill-formed one among them', 'sessionId=a&sessionId=b%2F'],
  ])('is refused with %s', async (_, query) => {
    expect((await openStream(hub, `/api/sse?${query}`)).status).toBe(400)
  })
})

describe('connections', () => {
  test('are capped for each user: the new one is refused, the old ones go on', async () => {
    const first = [
      await openStream(hub, '/api/sse?sessionId=a'),
      await openStream(hub, '/api/sse?sessionId=b'),
    ]
    const third = await hub.call('GET', '/api/sse?sessionId=a')
    expect([third.status, third.json['code']]).toEqual([503, 'rate_limited'])
    expect(Number(third.headers.get('retry-after'))).toBeGreaterThanOrEqual(5)
    await append('a')
    await first[0]?.until(isType('note'))
    const poll = await hub.call('GET', `/api/sessions/a/updates?after=${await append('a')}&wait=1`)
    expect(poll.status).toBe(503)
    for (const stream of first) stream.leave()
    await expect.poll(() => hub.service.hub.count()).toBe(0)
    const again = await openStream(hub, '/api/sse?sessionId=a')
    expect(again.status).toBe(200)
    again.leave()
  })

  test('of workers count in all only', async () => {
    const worker = { as: 'worker', scope: 'publish' }
    const streams = await Promise.all([1, 2, 3, 4, 5, 6].map(() => openStream(hub, '/api/run_sse/a', worker)))
    expect(streams.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200, 200])
    expect((await openStream(hub, '/api/sse?sessionId=a')).status).toBe(503)
    for (const stream of streams) stream.leave()
  })
})

test('a token with scope publish reads any session, other tokens their own', async () => {
  const worker = await openStream(hub, '/api/run_sse/foreign', { as: 'worker', scope: 'publish' })
  expect(worker.status).toBe(200)
  worker.leave()
  expect((await openStream(hub, '/api/run_sse/foreign', { scope: 'metrics' })).status).toBe(404)
})

test('A3 a stream warns before its token ends and ends with it', async () => {
  const clock: TestClock = createTestClock()
  const timed = await startService({ now: clock.now, timers: clock.timers, env: { HEARTBEAT_MS: '1000' } })
  await timed.call('PUT', '/api/sessions/a')
  const stream = await openStream(timed, '/api/sse?sessionId=a')
  await stream.until(isType('caught_up'))
  await clock.pass(45_000)
  const warning = await stream.until(isType('auth_expiring'))
  expect(dig(warning.data, 'expiresAt')).toBe(1_700_000_060_000)
  await clock.pass(16_000)
  await stream.ended
  expect(timed.service.hub.stats().closes.expired).toBe(1)
  await timed.close()
})

test('while it goes down the hub takes no streams and is not ready', async () => {
  await hub.service.drain({ graceMs: 0, spreadMs: 0 })
  const answer = await hub.call('GET', '/api/sse?sessionId=a')
  expect([answer.status, answer.json['code']]).toEqual([503, 'server_error'])
  expect(answer.headers.get('retry-after')).toMatch(/^[1-9]/)
  expect((await hub.call('GET', '/readyz')).status).toBe(503)
  expect((await hub.call('GET', '/healthz')).status).toBe(200)
  expect((await hub.call('POST', '/api/runs/claim', { scope: 'publish', body: { wait: 20 } })).status).toBe(
    503,
  )
})
