import { createSseDecoder } from '@throughline/protocol'
import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setImmediate as turn } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Browser } from 'playwright-core'
import { launchBrowser } from '../harness/browser.ts'
import type { Random } from '../harness/random.ts'
import { testRandom } from '../harness/seed.ts'

interface Heard {
  readonly event: string
  readonly data: string
  readonly id: string
}

const STREAMS = 400
/** Names that a page listens for, with every name that our decoder heard. */
const NAMES = ['message', 'a', 'b', 'ab', ' a', 'é']
/** What streams are made of that try the grammar. */
const PIECES: readonly [string, ...string[]] = [
  'data',
  ...['event', 'id', 'retry', ':', ': ', ' ', '\r', '\n', '\r\n', '\n\n', '\r\r'],
  ...['data: x\n', 'event: a\n', 'id: 7\n', 'data', 'data:\n', 'id\n', '\n\n'],
  ...['\0', '\ufeff', '\u2028', '🌊', 'é', 'a', 'b', '7'],
]

let browser: Browser
let server: Server
let url: string
let streams: readonly Uint8Array[][] = []

beforeAll(async () => {
  server = createServer((request, response) => {
    const [, at] = /^\/stream\/(\d+)$/.exec(request.url ?? '') ?? []
    if (at === undefined) {
      response.writeHead(200, { 'content-type': 'text/html' }).end('<!doctype html>')
      return
    }
    response.writeHead(200, { 'content-type': 'text/event-stream' })
    void (async () => {
      for (const chunk of streams[Number(at)] ?? []) {
        response.write(chunk)
        await turn()
      }
      response.end()
    })()
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  url = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`
  browser = await launchBrowser()
})

afterAll(async () => {
  await browser?.close()
  server?.close()
})

test('R1 our decoder hears in any stream, however it is cut, what Chromium’s EventSource hears', async () => {
  streams = makeStreams(testRandom())
  const ours = streams.map(decode)
  const names = [...new Set([...NAMES, ...ours.flat().map(({ event }) => event)])]
  const page = await browser.newPage()
  await page.goto(url)
  const theirs = await page.evaluate(
    async ({ count, types }) => {
      const hear = (at: number): Promise<Heard[]> =>
        new Promise((resolve) => {
          const heard: Heard[] = []
          const source = new EventSource(`/stream/${String(at)}`)
          for (const type of types) {
            source.addEventListener(type, (message: MessageEvent<string>) => {
              heard.push({ event: message.type, data: message.data, id: message.lastEventId })
            })
          }
          // The stream has ended.
          source.onerror = () => {
            source.close()
            resolve(heard)
          }
        })
      const all: Heard[][] = []
      for (let at = 0; at < count; at++) all.push(await hear(at))
      return all
    },
    { count: STREAMS, types: names.filter((name) => name !== 'error' && name !== 'open') },
  )
  theirs.forEach((heard, at) => {
    const text = JSON.stringify(Buffer.concat(streams[at] ?? []).toString())
    expect(ours[at], `stream ${String(at)}: ${text}`).toEqual(heard)
  })
  expect(ours.flat().length).toBeGreaterThan(STREAMS / 2)
})

function makeStreams(random: Random): Uint8Array[][] {
  return Array.from({ length: STREAMS }, () => {
    const pieces = Array.from({ length: random.between(5, 60) }, () => random.pick(PIECES))
    // Chromium reads a line end right behind the byte order mark as a part of the next line, which the standard does not.
    const text = pieces.join('').replace(/^\ufeff(?=[\r\n])/, '')
    const bytes = new TextEncoder().encode(text)
    const places = Array.from({ length: random.between(0, 6) }, () => random.between(0, bytes.length))
    const ends = [...places.sort((a, b) => a - b), bytes.length]
    return ends.map((end, at) => bytes.slice(ends[at - 1] ?? 0, end))
  })
}

function decode(chunks: readonly Uint8Array[]): readonly Heard[] {
  const heard: Heard[] = []
  const decoder = createSseDecoder({ onFrame: ({ event, data, id }) => heard.push({ event, data, id }) })
  for (const chunk of chunks) decoder.push(chunk)
  decoder.end()
  return heard
}
