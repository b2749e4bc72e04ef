import { execFile } from 'node:child_process'
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { promisify } from 'node:util'
import { afterEach, beforeEach, test } from 'vitest'
import { descriptors, startFaultHub, type FaultHub } from '../harness/fault-hub.ts'
import { follow } from '../harness/follower.ts'
import { expectExact } from '../harness/oracle.ts'
import { createProducer, messageEvents } from '../harness/producer.ts'
import { waitUntil } from './wait-until.ts'

const HALF_OPEN = 10_000
/** Connections that are being made at once; the system's queue of unaccepted ones is not what is tested. */
const AT_ONCE = 200
/** Descriptors left to a server that is about to run out. */
const LEFT = 40

let world: FaultHub
const sockets: Socket[] = []

beforeEach(async () => {
  world = await startFaultHub()
})
afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy()
  await world?.hub.dispose()
})

async function openSocket(): Promise<Socket> {
  const socket = connect(world.hub.port, '127.0.0.1')
  sockets.push(socket)
  socket.on('error', () => undefined)
  socket.resume()
  await Promise.race([once(socket, 'connect'), once(socket, 'close')])
  return socket
}

test(`P6 ${String(HALF_OPEN)} connections that never finish their headers keep nobody waiting, and are cut off`, async () => {
  const sessionId = await world.session()
  const reader = await follow(world.backend, sessionId)
  const producer = createProducer(world.backend, sessionId)
  for (let opened = 0; opened < HALF_OPEN; opened += AT_ONCE) {
    await Promise.all(
      Array.from({ length: AT_ONCE }, async () => {
        const socket = await openSocket()
        socket.write('GET /api/sse?sessionId=x HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Slow: ')
      }),
    )
  }
  for (let message = 1; message <= 5; message += 1) {
    await producer.publish(messageEvents(sessionId, `m${String(message)}`, ['a']))
    await reader.until(({ events }) => events.length === message * 3)
  }
  await waitUntil(() => sockets.every(({ closed }) => closed), 'the slow ones to be cut off')
  await expectExact(world.backend, reader)
})

test('P7 a server without descriptors goes on with whom it has, and takes others once there are some again', async () => {
  const sessionId = await world.session()
  const reader = await follow(world.backend, sessionId)
  const producer = createProducer(world.backend, sessionId)
  const say = async (message: number): Promise<void> => {
    await producer.publish(messageEvents(sessionId, `m${String(message)}`, ['a']))
    await reader.until(({ events }) => events.length === message * 3)
  }
  await say(1)
  const { all } = await descriptors(world.hub.pid())
  const limit = all + LEFT
  await promisify(execFile)('prlimit', ['--pid', String(world.hub.pid()), `--nofile=${String(limit)}:20000`])
  await Promise.all(Array.from({ length: LEFT * 4 }, openSocket))
  await waitUntil(async () => (await descriptors(world.hub.pid())).all >= limit - 1, 'descriptors to run out')
  // Over the connections that it has.
  await say(2)
  for (const socket of sockets.splice(0)) socket.destroy()
  await waitUntil(async () => (await descriptors(world.hub.pid())).all < limit - LEFT / 2, 'room again')
  await say(3)
  const late = await follow(world.backend, sessionId)
  await late.until(({ events }) => events.length === 9)
  await expectExact(world.backend, late)
})
