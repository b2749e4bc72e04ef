import { initialConversation, parseSnapshot, reduceConversation, type Updates } from '@throughline/protocol'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createTestClock, type TestClock } from '../../testing/clock.ts'
import { startService, type TestService } from '../../testing/service.ts'

let clock: TestClock
let hub: TestService
let epoch: string

beforeEach(async () => {
  clock = createTestClock()
  hub = await startService({ now: clock.now, timers: clock.timers })
  await hub.call('PUT', '/api/sessions/s1')
  epoch = (await hub.service.log.head('s1')).epoch
})
afterEach(() => hub.close())

const append = (n: number) =>
  hub.service.log.append(
    's1',
    Array.from({ length: n }, () => ({ type: 'note', data: null })),
  )

async function poll(query: string, headers: Readonly<Record<string, string>> = {}): Promise<Updates> {
  const answer = await hub.call('GET', `/api/sessions/s1/updates?${query}`, { headers })
  expect(answer.status).toBe(200)
  return answer.json as unknown as Updates
}

const offsets = ({ events }: Updates) => events.map(({ id }) => id)

describe('a poll', () => {
  test('without a cursor gives the state and where it stands', async () => {
    await hub.call('POST', '/api/sessions/s1/messages', { body: { content: 'Hi', clientMessageId: 'm1' } })
    const { events, snapshot, cursor, closed } = await poll('')
    expect([events, closed, cursor, snapshot?.cursor]).toEqual([[], false, `${epoch}-2`, `${epoch}-2`])
    const state = parseSnapshot(snapshot?.reducerVersion ?? 0, snapshot?.state ?? '')
    expect(state?.messages[0]?.content).toBe('Hi')
  })

  test('of a session without events begins before the first', async () => {
    expect((await poll('')).cursor).toBe(`${epoch}-0`)
    await append(1)
    expect(offsets(await poll(`after=${epoch}-0`))).toEqual([`${epoch}-1`])
  })

  test('goes on from its cursor, page by page, to the same fold as the server', async () => {
    await hub.call('POST', '/api/sessions/s1/messages', { body: { content: 'Hi', clientMessageId: 'm1' } })
    await append(3)
    let state = initialConversation('s1')
    let cursor = `${epoch}-0`
    const pages: number[] = []
    for (;;) {
      const page = await poll(`after=${cursor}&limit=2`)
      if (page.events.length === 0) break
      pages.push(page.events.length)
      state = reduceConversation(state, page.events)
      cursor = page.cursor
    }
    expect([pages, state]).toEqual([[2, 2, 1], await hub.service.hub.state('s1')])
  })

  test.each([
    ['malformed', 'nonsense', 'malformed'],
    ['of another epoch', 'zzzzzzzzzz-1', 'epoch'],
    ['ahead of the head', 'EPOCH-9', 'ahead'],
  ])('R2 with a cursor that is %s resets like the stream', async (_, cursor, reason) => {
    await append(2)
    const page = await poll(`after=${cursor.replace('EPOCH', epoch)}`)
    expect(page.reset).toEqual({ reason, head: `${epoch}-2` })
    expect(page.snapshot?.cursor).toBe(`${epoch}-2`)
    expect(page.cursor).toBe(`${epoch}-2`)
  })

  test('behind a trim resets', async () => {
    await append(9)
    await hub.driver.trim('s1', 5)
    expect((await poll(`after=${epoch}-3`)).reset?.reason).toBe('trimmed')
    expect(offsets(await poll(`after=${epoch}-4`))).toHaveLength(5)
  })

  test('with a wait or limit out of bounds is refused', async () => {
    for (const bad of ['wait=26', 'wait=-1', 'wait=x', 'limit=1001']) {
      expect((await hub.call('GET', `/api/sessions/s1/updates?${bad}`)).status).toBe(400)
    }
  })
})

describe('a long poll', () => {
  const pollAt = (wait: number) => poll(`after=${epoch}-0&wait=${String(wait)}`)

  test('answers as soon as something comes', async () => {
    const before = clock.timers.pending
    const waiting = pollAt(25)
    await expect.poll(() => clock.timers.pending).toBeGreaterThan(before)
    await append(1)
    expect(offsets(await waiting)).toEqual([`${epoch}-1`])
  })

  test('answers with nothing when its time is up, and with its cursor', async () => {
    const before = clock.timers.pending
    const waiting = pollAt(2)
    await expect.poll(() => clock.timers.pending).toBeGreaterThan(before)
    await clock.pass(2_000)
    expect(await waiting).toEqual({ events: [], cursor: `${epoch}-0`, closed: false })
    expect(clock.timers.pending).toBe(before)
  })

  test('says when the session was deleted meanwhile', async () => {
    const before = clock.timers.pending
    const waiting = pollAt(25)
    await expect.poll(() => clock.timers.pending).toBeGreaterThan(before)
    await hub.call('DELETE', '/api/sessions/s1')
    expect(await waiting).toMatchObject({ closed: true })
  })

  test('A3 ends with the login it belongs to', async () => {
    const { access } = await hub.service.auth.startLogin({ userId: 'ada', name: '', guest: false })
    const identity = await hub.service.auth.verify(access.token)
    const before = clock.timers.pending
    const waiting = hub.call('GET', `/api/sessions/s1/updates?after=${epoch}-0&wait=25`, {
      as: null,
      headers: { authorization: `Bearer ${access.token}` },
    })
    await expect.poll(() => clock.timers.pending).toBeGreaterThan(before)
    await hub.service.auth.endLogin({ userId: 'ada', sid: identity.sid ?? '' })
    expect((await waiting).status).toBe(401)
  })

  test('answers when the server goes down', async () => {
    const before = clock.timers.pending
    const waiting = pollAt(25)
    await expect.poll(() => clock.timers.pending).toBeGreaterThan(before)
    await hub.service.drain({ graceMs: 0, spreadMs: 0 })
    expect((await waiting).events).toEqual([])
  })
})
