import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startFaultHub, type FaultHub } from '../harness/fault-hub.ts'
import { startLoad } from '../harness/load.ts'
import { follow } from '../harness/follower.ts'
import { expectExact } from '../harness/oracle.ts'
import { readLog } from '../harness/session-log.ts'
import { createProducer, messageEvents } from '../harness/producer.ts'
import { testRandom } from '../harness/seed.ts'

const HALF_OPEN = 400
/** Headers are due within 10 s and looked at every 5 s; the rest is for a busy machine. */
const HEADERS_WITHIN_MS = 60_000

let world: FaultHub
const halfOpen: Socket[] = []

beforeAll(async () => {
  world = await startFaultHub()
})

afterAll(async () => {
  for (const socket of halfOpen) socket.destroy()
  await world?.hub.dispose()
})

async function openSocket(): Promise<Socket> {
  const socket = connect(world.hub.port, '127.0.0.1')
  socket.on('error', () => undefined)
  await once(socket, 'connect')
  return socket
}

test(`P6 ${HALF_OPEN} requests whose headers never end do not stop service`, async () => {
  for (let count = 0; count < HALF_OPEN; count += 1) {
    const socket = await openSocket()
    socket.resume()
    socket.write(`GET /api/sse?sessionId=x HTTP/1.1\r\nHost: 127.0.0.1\r\nX-${count}: `)
    halfOpen.push(socket)
  }
  const sessionId = await world.session()
  const reader = await follow(world.backend, sessionId)
  const producer = createProducer(world.backend, sessionId)
  for (let message = 1; message <= 20; message += 1) {
    // Each of them sends a byte more, as the patient attacker does.
    for (const socket of halfOpen) socket.write('x')
    await producer.publish(messageEvents(sessionId, `m${message}`, ['a']))
    await reader.until(({ events }) => events.length === message * 3)
  }
  await expectExact(world.backend, reader)
})

test('P8 a body cut within a chunk: whole lines are in, the torn one is not, and what is sent again is there once', async () => {
  const sessionId = await world.session()
  const line = (n: number) => `${JSON.stringify({ producerSeq: n, type: 'my_line', data: { n } })}\n`
  const body = line(1) + line(2) + line(3).slice(0, -9)
  const socket = await openSocket()
  socket.write(
    `POST /api/sessions/${sessionId}/events?producerId=p HTTP/1.1\r\nHost: 127.0.0.1:${world.hub.port}\r\n` +
      `Authorization: Bearer ${world.backend.token}\r\nContent-Type: application/x-ndjson\r\n` +
      `Transfer-Encoding: chunked\r\n\r\n1000\r\n${body}`,
  )
  const producer = () =>
    world.backend.json<{ producerSeq: number }>('GET', `/api/sessions/${sessionId}/producers/p`)
  await expect.poll(async () => (await producer()).producerSeq).toBe(2)
  socket.destroy()
  const answer = await world.backend.request(
    'POST',
    `/api/sessions/${sessionId}/events?producerId=p`,
    [1, 2, 3, 4].map(line).join(''),
    { 'content-type': 'application/x-ndjson' },
  )
  expect([answer.status, await answer.json()]).toMatchObject([200, { producerSeq: 4 }])
  expect((await readLog(world.backend, sessionId)).map(({ data }) => data)).toEqual(
    [1, 2, 3, 4].map((n) => ({ n })),
  )
})

test('P5 SIGTERM under load: readers are told to come back, it ends with 0 in time, and afterwards everybody has everything', async () => {
  const random = testRandom()
  const loaded = await startFaultHub()
  try {
    const load = await startLoad(loaded, { random, sessions: 3, producers: 2, readers: 20 })
    for (let stop = 1; stop <= 2; stop += 1) {
      // All are there to be told, also those that had to come back.
      await Promise.all(load.readers.map((reader) => reader.until(({ counts }) => counts.caughtUp >= stop)))
      await load.acknowledges(60)
      // It ends with 1 when it takes longer than it may.
      expect(await loaded.hub.stop()).toBe(0)
      // What the hub said last may still be on its way here.
      await Promise.all(load.readers.map((reader) => reader.until(({ counts }) => counts.reconnects >= stop)))
      for (const { counts } of load.readers) expect(counts.reconnects).toBe(stop)
      await loaded.hub.restart()
    }
    await load.acknowledges(20)
    await load.stop()
    await load.expectExact()
  } finally {
    await loaded.hub.dispose()
  }
})

test('P6 whoever has not sent its headers within 10 s is cut off', async () => {
  const open = () => halfOpen.filter(({ closed }) => !closed).length
  await expect.poll(open, { timeout: HEADERS_WITHIN_MS }).toBe(0)
})
