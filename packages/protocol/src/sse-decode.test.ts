import { describe, expect, it } from 'vitest'
import type { Frame } from './frame.ts'
import { createSseDecoder } from './sse-decode.ts'
import { StreamError } from './stream-error.ts'

interface Decoded {
  readonly frames: Frame[]
  readonly retries: number[]
  readonly comments: string[]
  lastEventId: string
}

function decode(chunks: readonly (string | readonly number[])[], maxEventBytes?: number): Decoded {
  const decoded: Decoded = { frames: [], retries: [], comments: [], lastEventId: '' }
  const decoder = createSseDecoder({
    onFrame: (frame) => decoded.frames.push(frame),
    onRetry: (ms) => decoded.retries.push(ms),
    onComment: (text) => decoded.comments.push(text),
    ...(maxEventBytes === undefined ? {} : { maxEventBytes }),
  })
  for (const chunk of chunks) {
    decoder.push(typeof chunk === 'string' ? new TextEncoder().encode(chunk) : Uint8Array.from(chunk))
  }
  decoder.end()
  decoded.lastEventId = decoder.lastEventId
  return decoded
}

const frame = (data: string, event = 'message', id = ''): Frame => ({ event, data, id })

/** Streams of the standard's examples and rules, with the frames that it asks for. */
const VECTORS: readonly (readonly [rule: string, stream: string, frames: readonly Frame[]])[] = [
  [
    'the example of three messages: "data: This is the first message."',
    'data: This is the first message.\n\ndata: This is the second message, it\ndata: has two lines.\n\ndata: This is the third message.\n\n',
    [
      frame('This is the first message.'),
      frame('This is the second message, it\nhas two lines.'),
      frame('This is the third message.'),
    ],
  ],
  [
    'the example of types: "event: add"',
    'event: add\ndata: 73857293\n\nevent: remove\ndata: 2153\n\n',
    [frame('73857293', 'add'), frame('2153', 'remove')],
  ],
  ['the stock example: "YHOO\\n+2\\n10"', 'data: YHOO\ndata: +2\ndata: 10\n\n', [frame('YHOO\n+2\n10')]],
  [
    'the example of four blocks: "the last event ID is [set back] to the empty string" by an id without value',
    ': test stream\n\ndata: first event\nid: 1\n\ndata:second event\nid\n\ndata:  third event\n\n',
    [frame('first event', 'message', '1'), frame('second event'), frame(' third event')],
  ],
  [
    'the example of empty data: "fires two events […] the last block is discarded"',
    'data\n\ndata\ndata\n\ndata:',
    [frame(''), frame('\n')],
  ],
  [
    'the example of one space: "fires two identical events"',
    'data:test\n\ndata: test\n\n',
    [frame('test'), frame('test')],
  ],
  ['"either a CRLF character pair"', 'data: a\r\ndata: b\r\n\r\n', [frame('a\nb')]],
  ['"a single CR character"', 'data: a\rdata: b\r\r', [frame('a\nb')]],
  ['all line ends mixed', 'data: a\rdata: b\r\ndata: c\n\r', [frame('a\nb\nc')]],
  ['"strips one leading BOM, if any"', '\ufeffdata: a\n\n', [frame('a')]],
  ['one BOM and no second', '\ufeff\ufeffdata: a\n\ndata: b\n\n', [frame('b')]],
  ['a BOM inside is text', 'data: \ufeffa\n\n\ufeffdata: b\n\n', [frame('\ufeffa')]],
  ['"starts with a COLON: Ignore the line"', ':data: no\n: data\ndata: a\n:\n\n', [frame('a')]],
  [
    '"does not contain a COLON: […] the whole line as the field name"',
    'data\ndatax\n data: no\n\n',
    [frame('')],
  ],
  ['"removes one space" and only one, and no tab', 'data:  a\ndata:\tb\n\n', [frame(' a\n\tb')]],
  ['a colon in the value stays', 'data: a: b:c\n\n', [frame('a: b:c')]],
  [
    '"Otherwise: The field is ignored"',
    'DATA: no\nEvent: no\ndata : no\nfoo: bar\ndata: a\n\n',
    [frame('a')],
  ],
  ['an empty event name is "message"', 'event: x\nevent:\ndata: a\n\n', [frame('a')]],
  ['the event name holds for one block', 'event: x\ndata: a\n\ndata: b\n\n', [frame('a', 'x'), frame('b')]],
  [
    'a block without data is not dispatched, and its event name is forgotten',
    'event: x\n\ndata: b\n\n',
    [frame('b')],
  ],
  [
    '"The buffer does not get reset": an id holds on',
    'id: 1\ndata: a\n\ndata: b\n\n',
    [frame('a', 'message', '1'), frame('b', 'message', '1')],
  ],
  ['a block may set an id and no more', 'id: 7\n\ndata: a\n\n', [frame('a', 'message', '7')]],
  [
    '"If the field value does not contain NULL", else ignored',
    'id: 1\nid: 2\0\ndata: a\n\n',
    [frame('a', 'message', '1')],
  ],
  ['NUL is text in data and event', 'event: x\0\ndata: a\0\n\n', [frame('a\0', 'x\0')]],
  ['several blank lines dispatch once', 'data: a\n\n\n\n', [frame('a')]],
  ['"any pending data must be discarded" at the end', 'data: a\n\ndata: b\n', [frame('a')]],
  ['U+2028 and U+0085 end no line', 'data: a\u2028b\u0085c\n\n', [frame('a\u2028b\u0085c')]],
]

describe('the decoder follows the standard', () => {
  it.each(VECTORS)('%s', (_, stream, frames) => {
    expect(decode([stream]).frames).toEqual(frames)
  })

  it('"If the field value consists of only ASCII digits", a retry counts', () => {
    const stream = 'retry: 10\nretry: 007\nretry: -1\nretry: 1.5\nretry: 1e3\nretry:\nretry: ١\nretry: 5 \n'
    expect(decode([stream]).retries).toEqual([10, 7])
  })

  it('hands comments over without their colon', () => {
    expect(decode([':keep\n: alive\n:\n']).comments).toEqual(['keep', 'alive', ''])
  })

  it('replaces what is no UTF-8, as the UTF-8 decode algorithm does', () => {
    const bytes = [...new TextEncoder().encode('data: '), 0xff, 0xe2, 0x82, 0x0a, 0x0a]
    expect(decode([bytes]).frames).toEqual([frame('\ufffd\ufffd')])
  })
})

describe('the last event id', () => {
  it('is in force once its block has ended, also without data', () => {
    expect(decode(['id: 1\n\nid: 2\n']).lastEventId).toBe('1')
    expect(decode(['id: 1\n\nid: 2\n\n']).lastEventId).toBe('2')
    expect(decode(['id: 1\n\nid\n\n']).lastEventId).toBe('')
  })
})

describe('the bound', () => {
  const long = 'x'.repeat(100)

  it('lets a frame pass that just fits', () => {
    expect(decode([`data: ${'x'.repeat(94)}\n\n`], 100).frames).toHaveLength(1)
  })

  it.each([
    ['a line', [`data: ${long}\n\n`]],
    ['an unfinished line', ['data: ', long]],
    ['many lines of data', Array.from({ length: 20 }, () => 'data: abcdef\n')],
    ['an endless comment', [':', ...Array.from({ length: 20 }, () => 'keep-alive')]],
  ])('ends a stream whose frame exceeds it by %s', (_, chunks) => {
    expect(() => decode(chunks, 100)).toThrow(StreamError)
  })

  it('does not count what was dispatched or ignored', () => {
    expect(
      decode(
        Array.from({ length: 50 }, () => ': comment\nfoo: bar\n'),
        100,
      ).frames,
    ).toEqual([])
    expect(
      decode(
        Array.from({ length: 50 }, () => 'data: abcdef\n\n'),
        100,
      ).frames,
    ).toHaveLength(50)
  })
})
