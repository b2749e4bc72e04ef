import { createStreamClient } from '@throughline/client'
import type { Envelope } from '@throughline/protocol'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { readStream, serverState } from '../harness/api.ts'
import { startChaosProxy, type ChaosProxy, type Fault } from '../harness/chaos-proxy.ts'
import { startFaultHub, type FaultHub } from '../harness/fault-hub.ts'
import { follow, type Follower } from '../harness/follower.ts'
import { expectExact } from '../harness/oracle.ts'
import { epochOf, readLog } from '../harness/session-log.ts'
import { createProducer, messageEvents, ndjson, randomPieces } from '../harness/producer.ts'
import { testRandom } from '../harness/seed.ts'

const LANES = 8
const FOLLOWERS = 300

let world: FaultHub
const proxies: ChaosProxy[] = []

beforeAll(async () => {
  world = await startFaultHub({ COALESCE_MS: '0' })
})

afterAll(async () => {
  for (const proxy of proxies) await proxy.close()
  await world?.hub.dispose()
})

async function proxy(): Promise<ChaosProxy> {
  const started = await startChaosProxy(world.hub.port)
  proxies.push(started)
  return started
}

test('R1 cut at every byte of an answer — head, chunk sizes, frames, UTF-8 — a reader resumes with everything once', async () => {
  const sessionId = await world.session()
  await createProducer(world.backend, sessionId).publish(
    messageEvents(sessionId, 'm1', ['é', '漢', '🎉\n', 'end']),
  )
  const written = await readLog(world.backend, sessionId)
  expect(written).toHaveLength(6)
  const epoch = await epochOf(world.backend, sessionId)

  /** Whether the cut at that byte came before the end of what there is to read. */
  const cutAt = async (lane: ChaosProxy, afterBytes: number, how: 'end' | 'reset'): Promise<boolean> => {
    lane.next({ kind: 'cut', afterBytes, how })
    const before = lane.count
    const reader = await follow(world.backend, sessionId, { url: lane.url, epoch, retryMs: 1 })
    await reader.until(({ counts }) => counts.caughtUp > 0)
    reader.close()
    expect(reader.events, `cut after ${afterBytes} bytes`).toEqual(written)
    return lane.count > before + 1
  }
  let next = 0
  let cuts = 0
  const run = async (): Promise<void> => {
    const lane = await proxy()
    // The order of cuts is shared by all lanes; each byte is cut once, by FIN and by RST in turn.
    for (let at = next++; await cutAt(lane, at, at % 2 === 0 ? 'end' : 'reset'); at = next++) cuts += 1
  }
  await Promise.all(Array.from({ length: LANES }, run))
  expect(cuts).toBeGreaterThan(1_000)
})

test('R1 cut again and again while events arrive, by FIN, RST, stall and silence, readers have everything once', async () => {
  const random = testRandom()
  const line = await proxy()
  const harm = (): Fault => {
    const afterBytes = random.between(0, 6_000)
    return random.pick<Fault>([
      { kind: 'cut', afterBytes, how: 'end' },
      { kind: 'cut', afterBytes, how: 'reset' },
      { kind: 'cut', afterBytes, how: 'end' },
      { kind: 'cut', afterBytes, how: 'reset' },
      { kind: 'stall', afterBytes },
      { kind: 'half-open', afterBytes },
    ])
  }
  line.always(harm)
  const sessionId = await world.session()
  const readers = await Promise.all(
    Array.from({ length: 8 }, () => follow(world.backend, sessionId, { url: line.url, silenceMs: 1_000 })),
  )
  const producer = createProducer(world.backend, sessionId)
  const connects = (): number => readers.reduce((sum, { counts }) => sum + counts.connects, 0)
  const enough = readers.length * 3
  // As long as it takes until all were cut often enough, however fast this machine publishes.
  for (let message = 1; message <= 30 || (connects() <= enough && message <= 300); message += 1) {
    const events = messageEvents(sessionId, `m${message}`, randomPieces(random, 10))
    for (let at = 0; at < events.length; at += 3) await producer.publish(events.slice(at, at + 3))
  }
  const cuts = connects()
  line.always({ kind: 'none' })
  line.cutAll()
  for (const reader of readers) {
    await expectExact(world.backend, reader)
    expect([reader.resets, reader.counts.snapshots]).toEqual([[], 0])
  }
  expect(cuts).toBeGreaterThan(enough)
})

test('R1 R7 the client itself, cut at random and twice without news: each event told once, its fold the server’s', async () => {
  const random = testRandom()
  const line = await proxy()
  const sessionId = await world.session()
  const producer = createProducer(world.backend, sessionId)
  await producer.publish(messageEvents(sessionId, 'm0', ['first']))
  const client = createStreamClient({
    baseUrl: line.url,
    getToken: () => world.backend.token,
    backoff: { reconnectInterval: 10, maxIntervalMs: 50 },
    share: 'off',
    fallback: 'off',
  })
  try {
    const told: string[] = []
    const session = client.session(sessionId)
    session.on('*', ({ id }) => {
      if (id !== undefined) told.push(id)
    })
    const loaded = () => session.getSnapshot().conversation.position?.offset ?? 0
    await expect.poll(loaded, { interval: 5 }).toBe(3)
    const cutOff = async (): Promise<void> => {
      const before = line.count
      line.cutAll()
      await expect.poll(() => line.count, { interval: 5 }).toBeGreaterThan(before)
    }
    line.always(() => ({ kind: 'cut', afterBytes: random.between(0, 3_000), how: 'reset' }))
    for (let message = 1; message <= 25; message += 1) {
      const events = messageEvents(sessionId, `m${message}`, randomPieces(random, 4))
      for (const event of events) await producer.publish([event])
      if (message % 5 === 0) await cutOff()
    }
    line.always({ kind: 'none' })
    await cutOff()
    await cutOff()
    await producer.publish(messageEvents(sessionId, 'last', ['news']))
    const { position, messages } = await serverState(world.backend, sessionId)
    await expect.poll(loaded, { interval: 5 }).toBe(position?.offset)
    const written = (await readLog(world.backend, sessionId)).map(({ id }) => id)
    expect(told).toEqual(written.slice(3))
    expect(session.getSnapshot().messages.map(({ content }) => content)).toEqual(
      messages.map(({ content }) => content),
    )
    expect(line.count).toBeGreaterThan(7)
  } finally {
    client.close()
  }
})

test('R4 one cursor four times at once, while events arrive: each reader gets the same rest', async () => {
  const random = testRandom()
  const sessionId = await world.session()
  const producer = createProducer(world.backend, sessionId)
  for (let message = 1; message <= 10; message += 1) {
    await producer.publish(messageEvents(sessionId, `m${message}`, randomPieces(random, 8)))
  }
  const epoch = await epochOf(world.backend, sessionId)
  for (let round = 0; round < 20; round += 1) {
    const offset = random.between(0, 100)
    const path = `/api/sse?sessionId=${sessionId}&after=${epoch}-${offset}`
    const end = `${epoch}-${100 + round + 1}`
    const readers = Array.from({ length: 4 }, () =>
      readStream(world.backend, path, (envelope) => envelope.id === end),
    )
    await producer.publish([{ type: 'my_news', data: { round } }])
    const rest = (await readLog(world.backend, sessionId)).slice(offset)
    for (const given of await Promise.all(readers)) {
      expect(given.filter(({ id }) => id !== undefined)).toEqual(rest)
    }
  }
})

test('R7 offline three times without news, then one event: no snapshot, no reset, nothing twice', async () => {
  const sessionId = await world.session()
  const producer = createProducer(world.backend, sessionId)
  await producer.publish(messageEvents(sessionId, 'm1', ['hello']))
  const reader = await follow(world.backend, sessionId)
  for (let time = 1; time <= 3; time += 1) {
    await reader.until(({ counts }) => counts.caughtUp === time)
    reader.drop()
  }
  await reader.until(({ counts }) => counts.caughtUp === 4)
  expect(reader.events).toHaveLength(3)
  await producer.publish([{ type: 'my_news', data: {} }])
  await reader.until(({ events }) => events.length === 4)
  expect([reader.resets, reader.counts.snapshots]).toEqual([[], 0])
  await expectExact(world.backend, reader)
})

test('R8 a history of 12,000 events: from the first by stream and by poll, and from nowhere by snapshot', async () => {
  const sessionId = await world.session()
  const events = Array.from({ length: 400 }, (_, index) =>
    messageEvents(
      sessionId,
      `m${index}`,
      Array.from({ length: 28 }, (__, piece) => `${piece} `),
    ),
  ).flat()
  const answer = await world.backend.request(
    'POST',
    `/api/sessions/${sessionId}/events?producerId=bulk`,
    ndjson(events),
    { 'content-type': 'application/x-ndjson' },
  )
  expect([answer.status, await answer.json()]).toMatchObject([200, { producerSeq: 12_000 }])
  const fromStart = await follow(world.backend, sessionId)
  const fromNowhere = await follow(world.backend, sessionId, { from: 'snapshot' })
  await expectExact(world.backend, fromStart)
  await expectExact(world.backend, fromNowhere)
  expect(fromStart.events.map(({ type, data }) => ({ type, data }))).toEqual(events)
  expect(fromNowhere.state.hasOlder).toBe(true)
})

test(`R3 ${FOLLOWERS} readers return at once to a hub that was killed and started again, while events arrive`, async () => {
  const sessionId = await world.session()
  const producer = createProducer(world.backend, sessionId)
  await producer.publish(messageEvents(sessionId, 'm0', ['before']))
  const readers: Follower[] = await Promise.all(
    Array.from({ length: FOLLOWERS }, () => follow(world.backend, sessionId)),
  )
  await Promise.all(readers.map((reader) => reader.until(({ counts }) => counts.caughtUp > 0)))
  await world.hub.kill()
  const written = (async () => {
    for (let message = 1; message <= 20; message += 1) {
      await producer.publish(messageEvents(sessionId, `m${message}`, ['a ', 'b ', 'c']))
    }
  })()
  await world.hub.restart()
  await written
  await Promise.all(readers.map((reader) => reader.reachHead()))
  const log: Envelope[] = await readLog(world.backend, sessionId)
  for (const reader of readers) {
    expect(reader.events).toEqual(log)
    expect([reader.resets, reader.counts.snapshots]).toEqual([[], 0])
    reader.close()
  }
})

test('R10 the last append before a stream ends — by its lifetime, a stop, a kill — reaches everybody', async () => {
  const short = await startFaultHub({ STREAM_LIFETIME_MS: '1000' })
  try {
    const sessionId = await short.session()
    const producer = createProducer(short.backend, sessionId)
    const readers = await Promise.all(Array.from({ length: 20 }, () => follow(short.backend, sessionId)))
    // Streams end all the time here, also between an append and its delivery.
    for (let message = 1; readers.some(({ counts }) => counts.reconnects < 2); message += 1) {
      for (const event of messageEvents(sessionId, `m${message}`, ['x'])) await producer.publish([event])
    }
    for (const end of ['stop', 'kill'] as const) {
      const last = await producer.publish([{ type: 'my_last', data: { end } }])
      await short.hub[end]()
      await short.hub.restart()
      await Promise.all(readers.map((reader) => reader.reachHead()))
      for (const reader of readers) expect(reader.events.at(-1)?.id).toBe(last)
    }
    for (const reader of readers) {
      await expectExact(short.backend, reader)
      expect([reader.resets, reader.counts.snapshots]).toEqual([[], 0])
    }
  } finally {
    await short.hub.dispose()
  }
})
