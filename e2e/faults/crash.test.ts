import { afterAll, beforeAll, expect, test } from 'vitest'
import { startFaultHub, type FaultHub } from '../harness/fault-hub.ts'
import { startLineWriter } from '../harness/line-writer.ts'
import { startLoad } from '../harness/load.ts'
import { readLog } from '../harness/session-log.ts'
import { testRandom } from '../harness/seed.ts'

const KILLS = 6

let world: FaultHub

beforeAll(async () => {
  world = await startFaultHub()
})

afterAll(() => world?.hub.dispose())

test('C1 L7 kill -9 at random points under load: nothing acknowledged or delivered is lost, nothing doubles, no offset comes again', async () => {
  const random = testRandom()
  const load = await startLoad(world, { random, sessions: 3, producers: 2, readers: 2 })
  const lines = startLineWriter(world.backend, await world.session(), 'lines')
  for (let kill = 1; kill <= KILLS; kill += 1) {
    await load.acknowledges(random.between(5, 120))
    await world.hub.kill()
    await world.hub.restart()
  }
  await load.acknowledges(20)
  await lines.stop()
  const { repeats } = await load.stop()
  expect(repeats).toBeGreaterThan(0)
  await load.expectExact()
  // One stream in one body: after a kill it asked how far it got, and went on from there.
  expect(lines.connections).toBeGreaterThan(1)
  const written = await readLog(world.backend, lines.sessionId)
  expect(written.map(({ data }) => data)).toEqual(written.map((_, index) => ({ n: index + 1 })))
  expect(written).toHaveLength(lines.sent())
})

test('L8 after kill -9 a hub still knows its producers: a repeat is answered the same, a gap and a stale fence are refused', async () => {
  const sessionId = await world.session()
  const post = async (body: object): Promise<unknown[]> => {
    const answer = await world.backend.request('POST', `/api/sessions/${sessionId}/events`, body)
    return [answer.status, (await answer.json()) as unknown]
  }
  await world.backend.json('POST', `/api/sessions/${sessionId}/messages`, {
    content: 'Hi',
    clientMessageId: 'm1',
  })
  const run = await world.backend.json<{ runId: string; fence: number }>('POST', '/api/runs/claim', {})
  const { runId, fence } = run
  const batch = (producerSeq: number, change: object = {}) => ({
    producerId: 'p',
    producerSeq,
    runId,
    fence,
    events: [{ type: 'my_step', data: { producerSeq } }],
    ...change,
  })
  const first = await post(batch(1))
  await world.hub.kill()
  await world.hub.restart()
  expect(first[0]).toBe(200)
  expect(await post(batch(1))).toEqual(first)
  const conflict = [409, expect.objectContaining({ code: 'conflict' })]
  expect(await post(batch(3))).toEqual(conflict)
  expect(await post(batch(2, { fence: fence + 1 }))).toEqual(conflict)
  expect(await post(batch(2, { fence: fence - 1 }))).toEqual(conflict)
  expect((await post(batch(2)))[0]).toBe(200)
  const steps = (await readLog(world.backend, sessionId)).filter(({ type }) => type === 'my_step')
  expect(steps.map(({ data }) => data)).toEqual([{ producerSeq: 1 }, { producerSeq: 2 }])
})
