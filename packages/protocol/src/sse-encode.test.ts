import { describe, expect, it } from 'vitest'
import {
  commentFrame,
  controlFrame,
  encodeFrame,
  envelopeJson,
  eventFrame,
  retryFrame,
} from './sse-encode.ts'
import { StreamError } from './stream-error.ts'

const position = { epoch: 'abcdefgh', offset: 7 }
const body = '{"type":"x","data":{"a":1},"timestamp":1,"sessionId":"s"}'

describe('an encoded frame', () => {
  it('holds its fields in order and ends with a blank line', () => {
    expect(encodeFrame({ id: '1', event: 'e', retry: 5, data: 'd' })).toBe(
      'id: 1\nevent: e\nretry: 5\ndata: d\n\n',
    )
  })

  it('writes one data field for each line, whatever ends it', () => {
    expect(encodeFrame({ data: 'a\r\nb\rc\nd' })).toBe('data: a\ndata: b\ndata: c\ndata: d\n\n')
    expect(encodeFrame({ data: '' })).toBe('data: \n\n')
    expect(encodeFrame({ data: '\n' })).toBe('data: \ndata: \n\n')
  })

  it.each(['\r', '\n', '\0'])('A6 refuses %j in id, event and comment', (end) => {
    const forged = `a${end}data: forged`
    for (const write of [
      () => encodeFrame({ id: forged, data: '' }),
      () => encodeFrame({ event: forged, data: '' }),
      () => eventFrame(forged, body, position),
      () => eventFrame('x', `{${end}}`, position),
      () => controlFrame({ type: forged, data: null, timestamp: 0, sessionId: 's' }),
      () => controlFrame({ type: 'x', data: null, timestamp: 0, sessionId: 's' }, forged),
      () => commentFrame(forged),
    ]) {
      expect(write).toThrow(StreamError)
    }
  })

  it.each([-1, 1.5, Number.NaN, Infinity])('refuses to tell clients to wait %d ms', (ms) => {
    expect(() => retryFrame(ms)).toThrow(StreamError)
    expect(() => encodeFrame({ retry: ms, data: '' })).toThrow(StreamError)
  })
})

describe('the frame of a stored event', () => {
  it('is composed around the stored body', () => {
    expect(eventFrame('x', body, position, 3)).toBe(
      `id: abcdefgh-7\nevent: x\ndata: {"id":"abcdefgh-7","prev":3,${body.slice(1)}\n\n`,
    )
  })

  it('parses to the body with id and prev', () => {
    const parsed: unknown = JSON.parse(body)
    expect(JSON.parse(envelopeJson(body, position))).toEqual({ id: 'abcdefgh-7', ...(parsed as object) })
    expect(JSON.parse(envelopeJson(body, position, 0))).toMatchObject({ id: 'abcdefgh-7', prev: 0 })
    expect(JSON.parse(envelopeJson('{}', position, 0))).toEqual({ id: 'abcdefgh-7', prev: 0 })
  })
})

describe('other frames', () => {
  it('carry an id on a control event only when given', () => {
    const envelope = { type: 'caught_up', data: { head: 'abcdefgh-7' }, timestamp: 1, sessionId: 's' }
    expect(controlFrame(envelope)).toBe(`event: caught_up\ndata: ${JSON.stringify(envelope)}\n\n`)
    const withId = JSON.stringify({ id: 'abcdefgh-7', ...envelope })
    expect(controlFrame(envelope, 'abcdefgh-7')).toBe(`id: abcdefgh-7\nevent: caught_up\ndata: ${withId}\n\n`)
  })

  it('say nothing to readers of events', () => {
    expect(commentFrame('keep-alive')).toBe(': keep-alive\n\n')
    expect(retryFrame(3000)).toBe('retry: 3000\n\n')
  })
})
