import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createTestClock, type TestClock } from '../../testing/clock.ts'
import { startService, type TestAnswer, type TestService } from '../../testing/service.ts'
import { dig } from '../../testing/dig.ts'

let clock: TestClock
let hub: TestService

beforeEach(async () => {
  clock = createTestClock()
  hub = await startService({ now: clock.now, timers: clock.timers })
  await hub.call('PUT', '/api/sessions/s1')
})
afterEach(() => hub.close())

const SCOPE = { as: 'worker', scope: 'publish' }
const claim = (body: object = {}): Promise<TestAnswer> =>
  hub.call('POST', '/api/runs/claim', { ...SCOPE, body })
const send = (clientMessageId: string, sessionId = 's1') =>
  hub.call('POST', `/api/sessions/${sessionId}/messages`, { body: { content: 'Hi', clientMessageId } })
const onRun = (verb: string, body: object, runId = 'r_m1') =>
  hub.call('POST', `/api/sessions/s1/runs/${runId}/${verb}`, { ...SCOPE, body })

describe('claiming a run', () => {
  test('gives it whole, with its fence, and starts it in the log', async () => {
    await send('m1')
    const run = await claim({ owner: 'w1' })
    const { epoch } = await hub.service.log.head('s1')
    expect([run.status, run.json]).toEqual([
      200,
      {
        sessionId: 's1',
        userId: 'ada',
        runId: 'r_m1',
        fence: 1,
        ttl: 15_000,
        input: { kind: 'message', messageId: 'm1', parentId: 'm1' },
        cursor: `${epoch}-3`,
      },
    ])
    const page = await hub.driver.read('s1', 'start')
    expect(page.events[2]).toMatchObject({ type: 'run_started' })
    expect(await hub.driver.leases.get('s1', 'r_m1')).toMatchObject({
      owner: 'http:w1',
      expiresAt: clock.now() + 15_000,
    })
  })

  test('answers 204 when there is none, at once or after the wait', async () => {
    expect((await claim()).status).toBe(204)
    const before = clock.timers.pending
    const waiting = claim({ wait: 3 })
    await expect.poll(() => clock.timers.pending).toBeGreaterThan(before)
    await clock.pass(3_000)
    expect((await waiting).status).toBe(204)
    expect(clock.timers.pending).toBe(before)
  })

  test('wakes one of those who wait, the others wait on', async () => {
    const before = clock.timers.pending
    const waiting = [claim({ wait: 20 }), claim({ wait: 20 }), claim({ wait: 20 })]
    await expect.poll(() => clock.timers.pending).toBe(before + 3)
    await send('m1')
    const first = await Promise.race(waiting)
    expect(first.json['runId']).toBe('r_m1')
    await hub.call('PUT', '/api/sessions/s2')
    await send('m2', 's2')
    for (let second = 0; second < 20; second += 2) await clock.pass(2_000)
    const answers = await Promise.all(waiting)
    expect(answers.map(({ json }) => json['runId']).sort()).toEqual(['r_m1', 'r_m2', undefined])
  })

  test('L2 of one run by many at once gives it to one', async () => {
    await send('m1')
    const answers = await Promise.all(Array.from({ length: 20 }, () => claim()))
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1)
    expect(answers.filter(({ status }) => status === 204)).toHaveLength(19)
  })

  test('takes no run whose session was deleted meanwhile', async () => {
    await send('m1')
    await hub.driver.sessions.update('s1', { deletedAt: clock.now() })
    expect((await claim()).status).toBe(204)
    expect((await hub.driver.leases.get('s1', 'r_m1'))?.phase).toBe('ended')
  })

  test('by somebody who left gives it to the next', async () => {
    const before = clock.timers.pending
    const controller = new AbortController()
    const authorization = `Bearer ${await hub.token('worker', 'publish')}`
    const gone = fetch(`${hub.url}/api/runs/claim`, {
      method: 'POST',
      headers: { authorization, 'content-type': 'application/json' },
      body: '{"wait":20}',
      signal: controller.signal,
    }).catch(() => undefined)
    await expect.poll(() => clock.timers.pending).toBeGreaterThan(before)
    controller.abort()
    await gone
    await expect.poll(() => clock.timers.pending).toBe(before)
    await send('m1')
    expect((await claim()).json['runId']).toBe('r_m1')
  })

  test.each([{ wait: 26 }, { wait: -1 }, { wait: '5' }, { owner: 'a b' }, { owner: '' }, { owner: 5 }])(
    'with %j is refused',
    async (body) => {
      expect((await claim(body)).status).toBe(400)
    },
  )

  test('ends with 204 when the server goes down meanwhile', async () => {
    const before = clock.timers.pending
    const waiting = claim({ wait: 20 })
    await expect.poll(() => clock.timers.pending).toBeGreaterThan(before)
    await hub.service.drain({ graceMs: 0, spreadMs: 0 })
    expect((await waiting).status).toBe(204)
  })
})

describe('a lease', () => {
  beforeEach(async () => {
    await send('m1')
    await claim()
  })

  test('is kept by renewing and by appending', async () => {
    for (let round = 0; round < 3; round++) {
      await clock.pass(10_000)
      expect((await onRun('renew', { fence: 1 })).json).toEqual({ fence: 1, ttl: 15_000 })
      await clock.pass(10_000)
      const body = {
        producerId: 'p',
        producerSeq: round + 1,
        runId: 'r_m1',
        fence: 1,
        events: [{ type: 'note', data: 1 }],
      }
      expect((await hub.call('POST', '/api/sessions/s1/events', { ...SCOPE, body })).status).toBe(200)
    }
    expect((await hub.driver.leases.get('s1', 'r_m1'))?.phase).toBe('leased')
  })

  test('that is given back is taken by the next at once, and the former owner is fenced off', async () => {
    expect((await onRun('release', { fence: 1 })).status).toBe(204)
    expect((await claim()).json).toMatchObject({ runId: 'r_m1', fence: 2 })
    for (const verb of ['renew', 'release']) expect((await onRun(verb, { fence: 1 })).status).toBe(409)
    expect((await onRun('renew', { fence: 2 })).status).toBe(200)
  })

  test('of no run, or without a fence, is refused', async () => {
    expect((await onRun('renew', { fence: 1 }, 'nobody')).status).toBe(409)
    expect((await onRun('renew', {})).status).toBe(400)
    expect((await onRun('renew', { fence: '1' })).status).toBe(400)
  })

  test('L1 L9 of a worker that died ends as interrupted within its life and five seconds', async () => {
    await clock.pass(14_999)
    expect((await hub.driver.leases.get('s1', 'r_m1'))?.phase).toBe('leased')
    await clock.pass(5_001)
    const { json } = await hub.call('GET', '/api/sessions/s1')
    expect(dig(json, 'state', 'runs', 0)).toMatchObject({
      status: 'interrupted',
      reason: 'Its worker is gone.',
    })
    expect((await onRun('renew', { fence: 1 })).status).toBe(409)
  })
})
