import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { residentMiB } from '../harness/fault-hub.ts'
import { startNext, type NextMode, type NextServer } from './next-server.ts'
import { startBackend, type ScriptedBackend } from './scripted-backend.ts'
import { SECRET, tokenOf } from './tokens.ts'
import { waitUntil } from './wait-until.ts'

const MIB = 1_048_576
/** What a backend would send, were it taken from it. */
const FLOOD_MIB = 256
/** What sockets and streams on the way may hold of it. */
const HELD_MIB = 24
/** Looks at a backend that sent nothing more, after which it is held back. */
const STILL_LOOKS = 40

let authorization: string
beforeAll(async () => {
  authorization = `Bearer ${await tokenOf('ada')}`
})

describe.each<NextMode>(['start', 'standalone', 'dev'])('P3 the stream under next %s', (mode) => {
  let backend: ScriptedBackend
  let app: NextServer

  beforeAll(async () => {
    backend = await startBackend()
    app = await startNext(mode, { BACKEND_URL: backend.url, JWT_SECRET: SECRET })
    // A development server compiles a route when it is first asked for.
    await fetch(`${app.url}/api/sse?sessionId=warm`, { headers: { authorization } })
  })
  afterAll(async () => {
    await app?.dispose()
    backend?.close()
  })
  beforeEach(() => {
    backend.answer = (_, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' })
      response.flushHeaders()
    }
  })

  /** A browser's connection, nothing of which is read unless somebody listens. */
  const openSocket = async (): Promise<Socket> => {
    const socket = connect(app.port, '127.0.0.1')
    socket.on('error', () => undefined)
    await once(socket, 'connect')
    socket.write(
      `GET /api/sse?sessionId=s1 HTTP/1.1\r\nHost: 127.0.0.1:${String(app.port)}\r\n` +
        `Authorization: ${authorization}\r\nAccept-Encoding: gzip, br\r\n\r\n`,
    )
    return socket
  }

  test('begins before the hub has sent a byte, uncompressed', async () => {
    const answer = await fetch(`${app.url}/api/sse?sessionId=s1`, { headers: { authorization } })
    expect([answer.status, answer.headers.get('content-type')]).toEqual([
      200,
      'text/event-stream; charset=utf-8',
    ])
    expect(answer.headers.get('content-encoding')).toBeNull()
    const reader = answer.body?.getReader()
    expect(new TextDecoder().decode((await reader?.read())?.value)).toBe(': throughline\n\n')
    await reader?.cancel()
  })

  test('is closed at the hub when the browser leaves', async () => {
    await waitUntil(() => backend.open() === 0, 'the streams before to end')
    const socket = await openSocket()
    await once(socket, 'data')
    expect(backend.open()).toBe(1)
    socket.destroy()
    await waitUntil(() => backend.open() === 0, 'the stream at the hub to end')
  })

  test('passes refusals on, and says 502 for a hub that broke', async () => {
    const ask = async () => {
      const answer = await fetch(`${app.url}/api/sse?sessionId=s1`, { headers: { authorization } })
      await answer.body?.cancel()
      return [answer.status, answer.headers.get('retry-after')]
    }
    for (const status of [401, 403, 404, 410, 429, 503]) {
      backend.answer = (_, response) => {
        response
          .writeHead(status, { 'content-type': 'application/problem+json', 'retry-after': '9' })
          .end('{}')
      }
      expect(await ask()).toEqual([status, '9'])
    }
    backend.answer = (request) => request.socket.destroy()
    expect(await ask()).toEqual([502, null])
  })

  test(`S1 holds back a hub that sends ${String(FLOOD_MIB)} MiB to a browser that reads nothing`, async () => {
    let sent = 0
    backend.answer = (_, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' })
      const chunk = Buffer.alloc(MIB, ': padding\n')
      const send = (): void => {
        while (sent < FLOOD_MIB) {
          sent += 1
          if (!response.write(chunk)) return
        }
        response.end()
      }
      response.on('drain', send)
      send()
    }
    const before = await residentMiB(app.pid())
    const socket = await openSocket()
    socket.pause()
    let last = -1
    let still = 0
    await waitUntil(() => {
      still = sent > 0 && sent === last ? still + 1 : 0
      last = sent
      return still > STILL_LOOKS
    }, 'the hub to be held back')
    expect(sent, 'MiB sent').toBeLessThan(HELD_MIB)
    expect((await residentMiB(app.pid())) - before, 'MiB of memory').toBeLessThan(HELD_MIB * 3)
    let received = 0
    socket.on('data', (data: Buffer) => (received += data.length))
    socket.resume()
    await waitUntil(() => received > FLOOD_MIB * MIB, 'everything to arrive once it is read')
    socket.destroy()
  })
})
