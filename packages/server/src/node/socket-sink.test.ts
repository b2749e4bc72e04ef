import { once } from 'node:events'
import { createServer as createHttp2Server, connect as connectHttp2 } from 'node:http2'
import type { AddressInfo } from 'node:net'
import { afterEach, expect, it } from 'vitest'
import { createHubWorld } from '../hub/testing/hub-world.ts'
import { openRaw, type RawReader } from '../hub/testing/raw-reader.ts'
import { createTinyGateway, offsetsOf, streamPath } from '../hub/testing/tiny-gateway.ts'
import { frameChunk, sharedChunk } from './chunk-framing.ts'
import { createHubServer } from './hub-server.ts'
import { createNodeHandler } from './node-handler.ts'

const closers: (() => unknown)[] = []
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close()
})

async function start() {
  const world = createHubWorld()
  await world.createSession('a')
  await world.append('a', 20)
  const gateway = createTinyGateway(world.hub)
  return { world, gateway, epoch: (await world.log.head('a')).epoch }
}

async function startServer() {
  const parts = await start()
  const hub = createHubServer({ gateway: parts.gateway })
  const { port } = await hub.listen(0)
  closers.push(() => hub.close(0))
  const open = (path: string, more = {}): RawReader => {
    const reader = openRaw({ port, path, ...more })
    closers.push(() => {
      reader.leave()
    })
    return reader
  }
  return { ...parts, hub, open }
}

const hasAll = ({ envelopes }: RawReader): boolean => offsetsOf(envelopes).at(-1) === 20

it('frames as one chunk, made once for readers in a row', () => {
  const frames = new TextEncoder().encode('data: é\n\n')
  expect(frameChunk(frames).toString()).toBe('a\r\ndata: é\n\n\r\n')
  expect(sharedChunk(frames)).toBe(sharedChunk(frames))
  expect(sharedChunk(frames.slice())).not.toBe(sharedChunk(frames))
})

it('an HTTP/1.0 client gets the stream unchunked, ended by the end of the connection', async () => {
  const { world, open, epoch } = await startServer()
  const reader = open(streamPath('a', epoch), { httpVersion: '1.0' })
  await reader.until(hasAll)
  expect(reader.head).not.toMatch(/transfer-encoding/i)
  expect(reader.body.startsWith(': throughline\n')).toBe(true)
  await world.hub.drain(0)
  await reader.until(({ isClosed }) => isClosed)
  expect(reader.envelopes.at(-1)?.type).toBe('reconnect')
})

it('a stream asked for behind an unfinished answer waits for its turn and is whole', async () => {
  const { world, gateway, open, epoch } = await startServer()
  const reader = open('/hold', { paused: true })
  reader.socket.write(`GET ${streamPath('a', epoch)} HTTP/1.1\r\nHost: hub.test\r\n\r\n`)
  const got: Buffer[] = []
  reader.socket.on('data', (data: Buffer) => got.push(data))
  while (world.hub.stats().resumes.continued === 0) await new Promise((resolve) => setImmediate(resolve))
  gateway.release()
  const text = (): string => Buffer.concat(got).toString()
  while (!text().includes('caught_up')) await once(reader.socket, 'data')
  expect(text().indexOf('held')).toBeLessThan(text().indexOf('text/event-stream'))
  expect([...text().matchAll(/"n":(\d+)/g)].map(([, n]) => Number(n))).toEqual(
    Array.from({ length: 20 }, (_, i) => i + 1),
  )
})

it('P2 serves streams over HTTP/2 and notices who leaves', async () => {
  const { world, gateway, epoch } = await start()
  const handle = createNodeHandler(gateway)
  const server = createHttp2Server((request, response) => {
    // The compatibility classes are not declared as those of HTTP/1, but are made to be used as such.
    void handle(...([request, response] as unknown as Parameters<typeof handle>))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const client = connectHttp2(`http://127.0.0.1:${String((server.address() as AddressInfo).port)}`)
  closers.push(
    () => server.close(),
    () => {
      client.destroy()
    },
  )
  const stream = client.request({ ':path': streamPath('a', epoch) })
  let text = ''
  stream.setEncoding('utf8').on('data', (data: string) => (text += data))
  while (!text.includes('caught_up')) await once(stream, 'data')
  await world.append('a')
  while (!text.includes('"n":21')) await once(stream, 'data')
  stream.close()
  while (world.hub.count() > 0) await new Promise((resolve) => setImmediate(resolve))
  expect(world.hub.stats().closes.left).toBe(1)
})

it('writes through a response that somebody wrapped', async () => {
  const { world, gateway, epoch } = await start()
  const handle = createNodeHandler(gateway)
  const { createServer } = await import('node:http')
  let written = 0
  const server = createServer((request, response) => {
    const write = response.write.bind(response)
    response.write = ((...args: Parameters<typeof write>) => {
      written++
      return write(...args)
    }) as typeof write
    void handle(request, response)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  closers.push(() => {
    server.closeAllConnections()
    server.close()
  })
  const reader = openRaw({ port: (server.address() as AddressInfo).port, path: streamPath('a', epoch) })
  await reader.until(hasAll)
  expect(written).toBeGreaterThan(0)
  await world.hub.drain(0)
  await reader.until(({ isWhole }) => isWhole)
})

it('takes the next request on a connection whose last body was not wanted', async () => {
  const { open } = await startServer()
  const reader = open('/small-body', { method: 'POST', headers: { 'Content-Length': '300000' } })
  reader.socket.write(Buffer.alloc(200_000, 'x'))
  await reader.until(({ isWhole }) => isWhole)
  expect(reader.head).toMatch(/^HTTP\/1.1 413/)
  reader.socket.write(Buffer.alloc(100_000, 'x'))
  reader.again('/who')
  await reader.until(({ isWhole }) => isWhole)
  expect(reader.body).toMatch(/^GET http/)
})

it('P5 close waits for open streams for graceMs and not longer', async () => {
  const { world, hub, open, epoch } = await startServer()
  const reader = open(streamPath('a', epoch))
  await reader.until(hasAll)
  let isClosed = false
  const closed = hub.close(60_000).then(() => (isClosed = true))
  await world.append('a')
  await reader.until(({ envelopes }) => offsetsOf(envelopes).at(-1) === 21)
  expect(isClosed).toBe(false)
  await world.hub.drain(0)
  await reader.until(({ isWhole }) => isWhole)
  await closed

  const stubborn = await startServer()
  const held = stubborn.open('/hold')
  await held.until(() => true)
  await stubborn.hub.close(0)
  await held.until((self) => self.isClosed)
})

it('P6 bounds the headers of a request', async () => {
  const { hub, open } = await startServer()
  expect(hub.server.headersTimeout).toBe(10_000)
  expect(hub.server.requestTimeout).toBe(0)
  const reader = open('/who', { headers: { 'X-Long': 'x'.repeat(20_000) } })
  await reader.until(({ head }) => head !== '')
  expect(reader.head).toMatch(/^HTTP\/1.1 431/)
})
