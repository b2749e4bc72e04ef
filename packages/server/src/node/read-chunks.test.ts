import { once } from 'node:events'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { connect, type AddressInfo, type Socket } from 'node:net'
import { afterEach, expect, test } from 'vitest'
import { readChunks } from './read-chunks.ts'

let server: Server
let socket: Socket
afterEach(() => {
  socket.destroy()
  server.close()
})

async function begin(body: string): Promise<[IncomingMessage, ServerResponse]> {
  server = createServer()
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  socket = connect((server.address() as AddressInfo).port, '127.0.0.1')
  socket.on('error', () => undefined)
  socket.write(`POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n${body}`)
  return (await once(server, 'request')) as [IncomingMessage, ServerResponse]
}

const chunk = (text: string): string => `${text.length.toString(16)}\r\n${text}\r\n`
const textOf = ({ value }: IteratorResult<Uint8Array, undefined>): string =>
  Buffer.from(value ?? []).toString()

test('chunks that came together are one piece, and the end is told', async () => {
  const [request] = await begin(chunk('ab') + chunk('cd'))
  const pieces = readChunks(request)
  expect(textOf(await pieces.next())).toBe('abcd')
  socket.write(`${chunk('ef')}0\r\n\r\n`)
  expect(textOf(await pieces.next())).toBe('ef')
  expect(await pieces.next()).toEqual({ done: true, value: undefined })
})

test('a reader that is busy stops the sender, and then gets the rest exactly', async () => {
  const [request] = await begin('')
  const pieces = readChunks(request)
  const sent = 8 * 1_048_576
  let written = 0
  const half = 'x'.repeat(524_288)
  for (let left = sent; left > 0; left -= half.length)
    socket.write(chunk(half), () => (written += half.length))
  socket.write('0\r\n\r\n')
  await expect.poll(() => request.isPaused()).toBe(true)
  expect(written).toBeLessThan(sent)
  let taken = 0
  for (let next = await pieces.next(); next.done !== true; next = await pieces.next())
    taken += next.value.length
  expect(taken).toBe(sent)
})

test('P8 a sender that leaves in mid-body is an error, after what it had sent', async () => {
  const [request] = await begin(chunk('ab'))
  const pieces = readChunks(request)
  expect(textOf(await pieces.next())).toBe('ab')
  socket.resetAndDestroy()
  await expect(pieces.next()).rejects.toThrow()
})

test('whoever stops early can still answer', async () => {
  const [request, response] = await begin(chunk('ab'))
  const pieces = readChunks(request)
  await pieces.next()
  await pieces.return?.()
  response.writeHead(400).end()
  const [answer] = (await once(socket, 'data')) as [Buffer]
  expect(answer.toString()).toMatch(/^HTTP\/1\.1 400 /)
  expect(request.listenerCount('data')).toBe(0)
})
