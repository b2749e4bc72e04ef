/** The SSE decoder, over bytes cut into pieces of several sizes, against `eventsource-parser` on the same pieces. */
import { createSseDecoder, eventFrame } from '@throughline/protocol'
import { createParser } from 'eventsource-parser'
import { measurePart } from '../harness/part.ts'
import type { Figures } from '../harness/results.ts'

const EVENTS = 20_000
const CONTENT = 'some words of an answer, '
const SIZES = { 'pieces of 64 bytes': 64, 'of 1 KiB': 1_024, 'of 64 KiB': 65_536 } as const

const text = Array.from({ length: EVENTS }, (_, at) => {
  const data = { messageId: 'm1', content: CONTENT, isComplete: false }
  const body = JSON.stringify({ type: 'message_chunk', data, timestamp: 1_700_000_000_000, sessionId: 's1' })
  return eventFrame('message_chunk', body, { epoch: 'abcdefgh', offset: at + 1 })
}).join('')
const bytes = new TextEncoder().encode(text)

function pieces(size: number): Uint8Array[] {
  const cut: Uint8Array[] = []
  for (let from = 0; from < bytes.length; from += size) cut.push(bytes.subarray(from, from + size))
  return cut
}

function own(cut: readonly Uint8Array[]): number {
  let events = 0
  const decoder = createSseDecoder({ onFrame: () => (events += 1) })
  for (const piece of cut) decoder.push(piece)
  return events
}

function parser(cut: readonly Uint8Array[]): number {
  let events = 0
  const utf8 = new TextDecoder()
  const feed = createParser({ onEvent: () => (events += 1) })
  for (const piece of cut) feed.feed(utf8.decode(piece, { stream: true }))
  return events
}

function measure(decode: (cut: readonly Uint8Array[]) => number): Figures {
  return Object.fromEntries(
    Object.entries(SIZES).map(([name, size]) => {
      const cut = pieces(size)
      const began = performance.now()
      const events = decode(cut)
      const ns = ((performance.now() - began) * 1e6) / EVENTS
      if (events !== EVENTS) throw new Error(`${events} events of ${EVENTS} were decoded`)
      return [name, ns]
    }),
  )
}

await measurePart({
  name: 'decoder',
  title: `ns per event of ${Math.round(bytes.length / EVENTS)} bytes`,
  columns: Object.fromEntries(Object.keys(SIZES).map((name) => [name, name])),
  runs: 9,
  subjects: { throughline: () => measure(own), 'eventsource-parser': () => measure(parser) },
})
