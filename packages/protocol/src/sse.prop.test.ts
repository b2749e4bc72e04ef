import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseEnvelope } from './event-schema.ts'
import type { Frame } from './frame.ts'
import { createSseDecoder } from './sse-decode.ts'
import { encodeFrame, eventFrame } from './sse-encode.ts'

interface Heard {
  readonly seen: unknown[]
  readonly lastEventId: string
}

function decode(chunks: readonly Uint8Array[]): Heard {
  const seen: unknown[] = []
  const decoder = createSseDecoder({
    onFrame: (frame) => seen.push(frame),
    onRetry: (ms) => seen.push(ms),
    onComment: (text) => seen.push(text),
  })
  for (const chunk of chunks) decoder.push(chunk)
  decoder.end()
  return { seen, lastEventId: decoder.lastEventId }
}

function cut(bytes: Uint8Array, places: readonly number[]): Uint8Array[] {
  const sorted = [0, ...places.map((place) => place % (bytes.length + 1)).sort((a, b) => a - b), bytes.length]
  return sorted.slice(1).map((end, index) => bytes.slice(sorted[index], end))
}

/** Pieces of which streams that try the grammar are made. */
const piece = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.constantFrom('data', 'event', 'id', 'retry', ':', ': ', ' ', '\r', '\n', '\r\n', '\n\n'),
  },
  { weight: 2, arbitrary: fc.constantFrom('\0', '\ufeff', '\u2028', '7', '🌊', 'é', 'x') },
  { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 8 }) },
)
const stream = fc.array(piece, { maxLength: 60 }).map((pieces) => new TextEncoder().encode(pieces.join('')))
const bytes = fc.oneof(
  { weight: 4, arbitrary: stream },
  { weight: 1, arbitrary: fc.uint8Array({ maxLength: 80 }) },
)

describe('R1 a stream cut anywhere', () => {
  it('gives the same frames, retries and comments as in one piece', () => {
    fc.assert(
      fc.property(bytes, fc.array(fc.nat(), { maxLength: 8 }), (all, places) => {
        expect(decode(cut(all, places))).toEqual(decode([all]))
      }),
      { numRuns: 1_000 },
    )
  })

  it('gives the same byte by byte', () => {
    fc.assert(
      fc.property(bytes, (all) => {
        expect(decode(Array.from(all, (byte) => Uint8Array.of(byte)))).toEqual(decode([all]))
      }),
    )
  })

  it('gives, broken off at every byte, a beginning of the frames and never a part of one', () => {
    const text = 'id: 1\r\nevent: é\r\ndata: 🌊\r\n\r\nid: 2\r\rdata: b\n\n'
    const all = new TextEncoder().encode(text)
    const whole = decode([all]).seen
    for (let end = 0; end <= all.length; end++) {
      const { seen } = decode([all.subarray(0, end)])
      expect(whole.slice(0, seen.length)).toEqual(seen)
    }
  })
})

/** Any text, with what breaks lines, frames and encodings in plenty. */
const nasty = fc
  .array(
    fc.oneof(
      fc.constantFrom('\r', '\n', '\r\n', '\0', '\u2028', '\u2029', '\ud83c', '\udf0a', '"', '\\', ' ', ':'),
      fc.string({ unit: 'binary', maxLength: 4 }),
    ),
    { maxLength: 20 },
  )
  .map((parts) => parts.join(''))
const oneLine = nasty.map((text) => text.replace(/[\r\n\0]/g, ''))
const asUtf8 = (text: string): string => text.replace(/\p{Surrogate}/gu, '\ufffd')

describe('A6 what was encoded comes back', () => {
  it('in every field of a frame; line ends in data come back as LF, lone surrogates as U+FFFD', () => {
    fc.assert(
      fc.property(oneLine, oneLine, nasty, (id, event, data) => {
        const encoded = new TextEncoder().encode(encodeFrame({ id, event, data }))
        const frame: Frame = {
          id: asUtf8(id),
          event: asUtf8(event) || 'message',
          data: asUtf8(data.replace(/\r\n?/g, '\n')),
        }
        expect(decode([encoded]).seen).toEqual([frame])
      }),
    )
  })

  it('to the last unit in an envelope, in any field of its data', () => {
    fc.assert(
      fc.property(nasty, fc.dictionary(nasty, nasty, { maxKeys: 3 }), (content, more) => {
        const draft = { type: 'note', data: { content, more: { ...more } }, timestamp: 1, sessionId: 's' }
        const frame = eventFrame('note', JSON.stringify(draft), { epoch: 'abcdefgh', offset: 1 })
        const [heard] = decode([new TextEncoder().encode(frame)]).seen as Frame[]
        expect(parseEnvelope(heard?.data ?? '')).toEqual({ id: 'abcdefgh-1', ...draft })
      }),
    )
  })

  it('as one frame each, however many are sent together', () => {
    fc.assert(
      fc.property(fc.array(nasty, { maxLength: 10 }), (texts) => {
        const all = texts.map((data) => encodeFrame({ data })).join('')
        expect(decode([new TextEncoder().encode(all)]).seen).toHaveLength(texts.length)
      }),
    )
  })
})
