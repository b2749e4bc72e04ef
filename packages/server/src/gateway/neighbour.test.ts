import { afterEach, beforeEach, expect, test } from 'vitest'
import { createTestClock, settle, type TestClock } from '../testing/clock.ts'
import { startService, type TestService } from '../testing/service.ts'
import { isType, openStream, type TestStream } from '../testing/stream.ts'

let hub: TestService
let clock: TestClock
const streams: TestStream[] = []

beforeEach(async () => {
  // Time passes when it is told to, so that nothing refills on a slow machine.
  clock = createTestClock(Date.now())
  hub = await startService({
    now: clock.now,
    timers: clock.timers,
    env: {
      RATE_LIMIT_PER_MINUTE: '20',
      MAX_CONNECTIONS_PER_USER: '3',
      REPLAY_BYTES_PER_SECOND: '20000',
      COALESCE_MS: '0',
    },
  })
  await hub.call('PUT', '/api/sessions/abused', { as: 'eve' })
  await hub.call('PUT', '/api/sessions/neighbour')
})
afterEach(async () => {
  for (const stream of streams.splice(0)) stream.leave()
  await hub.close()
})

/** History of a session, written by a backend. */
async function fill(sessionId: string, events: number): Promise<void> {
  for (let producerSeq = 1; producerSeq <= events; producerSeq++) {
    const event = { type: 'filler', data: { text: 'x'.repeat(4_000) } }
    const body = { events: [event], producerId: 'p', producerSeq }
    expect(
      (await hub.call('POST', `/api/sessions/${sessionId}/events`, { body, scope: 'publish' })).status,
    ).toBe(200)
  }
}

const open = async (path: string, as = 'ada'): Promise<TestStream> => {
  const stream = await openStream(hub, path, { as })
  streams.push(stream)
  return stream
}

test('a user beyond every limit is refused, told when to come again, and slows no neighbour', async () => {
  const neighbour = await open('/api/sse?sessionId=neighbour')
  await neighbour.until(isType('caught_up'))

  const commands = await Promise.all(
    Array.from({ length: 60 }, () => hub.call('POST', '/api/sessions', { as: 'eve' })),
  )
  const limited = commands.filter(({ status }) => status === 429)
  expect(limited.length).toBeGreaterThanOrEqual(40)
  const opened = await Promise.all(
    Array.from({ length: 12 }, () => openStream(hub, '/api/sse?sessionId=abused', { as: 'eve' })),
  )
  streams.push(...opened)
  const full = opened.filter(({ status }) => status === 503)
  expect(full).toHaveLength(9)
  const waits = [...limited, ...full].map(({ headers }) => Number(headers.get('retry-after')))
  expect(waits.every((wait) => wait >= 1)).toBe(true)
  // Those refused together do not return together.
  expect(new Set(waits).size).toBeGreaterThan(1)

  const { status } = await hub.call('PATCH', '/api/sessions/neighbour', { body: { title: 'Still here' } })
  expect(status).toBe(200)
  await neighbour.until(isType('session_updated'))
})

test('history is given to one user at a pace, whole in the end, while a neighbour has theirs at once', async () => {
  await fill('abused', 30)
  await fill('neighbour', 5)
  const { epoch } = await hub.driver.head('abused')
  const greedy = await Promise.all(
    [1, 2, 3].map(() => open(`/api/sse?sessionId=abused&after=${epoch}-0`, 'eve')),
  )
  await Promise.race(greedy.map((stream) => stream.until(isType('filler'))))
  expect(greedy.some(({ envelopes }) => !envelopes.some(isType('caught_up')))).toBe(true)

  const own = await hub.driver.head('neighbour')
  const neighbour = await open(`/api/sse?sessionId=neighbour&after=${own.epoch}-0`)
  await neighbour.until(isType('caught_up'))
  expect(neighbour.envelopes.filter(isType('filler'))).toHaveLength(5)
  expect(greedy.some(({ envelopes }) => !envelopes.some(isType('caught_up')))).toBe(true)

  const poll = `/api/sessions/abused/updates?after=${epoch}-0`
  const refused = await hub.call('GET', poll, { as: 'eve' })
  expect([refused.status, Number(refused.headers.get('retry-after')) >= 5]).toEqual([429, true])

  for (const stream of greedy) {
    await expect
      .poll(async () => {
        await clock.pass(1_000)
        return stream.envelopes.some(isType('caught_up'))
      })
      .toBe(true)
  }
  for (const { envelopes } of greedy) expect(envelopes.filter(isType('filler'))).toHaveLength(30)
  await settle()
})

test('A8 an address has so many places, and the node in all: who comes beyond is refused, nobody is put out', async () => {
  const strict = await startService({
    env: { MAX_CONNECTIONS_PER_ADDRESS: '2', MAX_CONNECTIONS: '3', COALESCE_MS: '0' },
    config: { trustedProxies: ['127.0.0.1'] },
  })
  const users = ['eve1', 'eve2', 'eve3', 'ada', 'bob'] as const
  const from = (address: string) => ({ 'x-forwarded-for': address })
  const [crowd, home, elsewhere] = ['203.0.113.9', '203.0.113.10', '203.0.113.11'] as const
  const opened: TestStream[] = []
  const join = async (as: (typeof users)[number], address: string): Promise<TestStream> => {
    const stream = await openStream(strict, `/api/sse?sessionId=of-${as}`, { as, headers: from(address) })
    opened.push(stream)
    return stream
  }
  try {
    for (const as of users) await strict.call('PUT', `/api/sessions/of-${as}`, { as })
    const first = await join('eve1', crowd)
    expect([first.status, (await join('eve2', crowd)).status]).toEqual([200, 200])
    const beyond = await join('eve3', crowd)
    expect([beyond.status, Number(beyond.headers.get('retry-after')) >= 5]).toEqual([503, true])
    // A poll that waits holds a place, too.
    const { epoch } = await strict.driver.head('of-eve3')
    const path = `/api/sessions/of-eve3/updates?wait=5&after=${epoch}-0`
    expect((await strict.call('GET', path, { as: 'eve3', headers: from(crowd) })).status).toBe(503)

    const neighbour = await join('ada', home)
    expect(neighbour.status).toBe(200)
    expect((await join('bob', elsewhere)).status).toBe(503)
    await strict.call('PATCH', '/api/sessions/of-ada', { body: { title: 'Still here' } })
    await neighbour.until(isType('session_updated'))
    first.leave()
    await expect.poll(async () => (await join('bob', elsewhere)).status).toBe(200)
  } finally {
    for (const stream of opened) stream.leave()
    await strict.close()
  }
})
