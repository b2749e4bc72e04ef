import { once } from 'node:events'
import { createServer, type IncomingMessage, type Server } from 'node:http'
import { connect, type AddressInfo } from 'node:net'
import { afterEach, expect, test } from 'vitest'
import { readWhole } from './read-whole.ts'

let server: Server | undefined
afterEach(() => server?.close())

/** Begins a POST that says it has ten bytes; what the server made of it. */
async function post(
  send: (socket: ReturnType<typeof connect>) => void,
  limit = 10,
  withinMs?: number,
): Promise<unknown> {
  server = createServer()
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const socket = connect((server.address() as AddressInfo).port, '127.0.0.1')
  socket.on('error', () => undefined)
  socket.write('POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\n')
  const [request] = (await once(server, 'request')) as [IncomingMessage]
  const read = readWhole(request, limit, withinMs)
  send(socket)
  try {
    return Buffer.from(await read).toString()
  } catch (error) {
    return error
  } finally {
    expect(request.listenerCount('data')).toBe(0)
    socket.destroy()
  }
}

test('a body is whole however it came', async () => {
  expect(await post((socket) => socket.write('0123456789'))).toBe('0123456789')
  const pieces = await post((socket) => {
    socket.write('01234', () => setImmediate(() => socket.write('56789')))
  })
  expect(pieces).toBe('0123456789')
})

test('A10 a body beyond the limit is refused before its end', async () => {
  expect(await post((socket) => socket.write('012345'), 5)).toMatchObject({ status: 413 })
})

test('P6 a body that is sent byte by byte is waited for so long and no longer', async () => {
  let trickle: ReturnType<typeof setInterval> | undefined
  const outcome = await post((socket) => (trickle = setInterval(() => socket.write(' '), 10)), 1_000, 60)
  clearInterval(trickle)
  expect(outcome).toMatchObject({ status: 408 })
})

test('a sender that leaves ends the reading', async () => {
  expect(await post((socket) => socket.write('01234', () => socket.resetAndDestroy()))).toBeInstanceOf(Error)
})
