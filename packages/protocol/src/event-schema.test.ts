import { describe, expect, it } from 'vitest'
import { checkEvent } from './check-event.ts'
import type { Envelope } from './envelope.ts'
import { canonicalType, isControlType, isEvent, isKnownEventType, parseEnvelope } from './event-schema.ts'
import { CONTROL_TYPES, SSEMessageType } from './events.ts'

const envelope: Envelope = { id: 'abcdefgh-1', type: 'note', data: null, timestamp: 1, sessionId: 's' }
const parse = (change: object): Envelope | undefined =>
  parseEnvelope(JSON.stringify({ ...envelope, ...change }))

describe('the table of types', () => {
  it('defines every type that has a name', () => {
    const named = Object.values(SSEMessageType)
    expect(named.filter((type) => !isKnownEventType(type) && !isControlType(type))).toEqual([])
    expect(CONTROL_TYPES.filter((type) => !isControlType(type))).toEqual([])
  })

  it('defines nothing else, neither an alias nor what objects inherit', () => {
    for (const type of ['error_event', 'note', 'toString', '__proto__', 'constructor']) {
      expect(isKnownEventType(type) || isControlType(type)).toBe(false)
    }
  })

  it('calls error_event error_occurred', () => {
    expect(canonicalType('error_event')).toBe('error_occurred')
    expect(canonicalType('note')).toBe('note')
  })
})

describe('an envelope read from the wire', () => {
  it('is what was written, with whatever data and further fields', () => {
    const full = {
      prev: 0,
      runId: 'r',
      agentId: 'a',
      messageId: 'm',
      parentId: null,
      data: { x: [1] },
      more: 1,
    }
    expect(parse(full)).toEqual({ ...envelope, ...full })
    expect(parse({ type: 'message_chunk', data: 'not a chunk' })).toBeDefined()
    expect(parse({ type: 'error_event' })?.type).toBe('error_occurred')
  })

  it.each(['', 'null', '[]', '7', '{', '"x"', '{}', '\u0000'])('is none when the text is %j', (text) => {
    expect(parseEnvelope(text)).toBeUndefined()
  })

  it.each([
    { id: 7 },
    { id: 'x' },
    { prev: -1 },
    { prev: 1.5 },
    { type: 'Note' },
    { type: '' },
    { type: 'x\ndata: forged' },
    { type: undefined },
    { timestamp: '1' },
    { timestamp: null },
    { sessionId: '' },
    { sessionId: '../x' },
    { sessionId: undefined },
    { runId: 7 },
    { agentId: 'a b' },
    { messageId: '' },
    { parentId: 7 },
  ])('is none with %j', (change) => {
    expect(parse(change)).toBeUndefined()
  })
})

describe('the data of an event', () => {
  const chunk = { messageId: 'm', content: 'x', isComplete: false }

  it('may carry fields that are not known yet', () => {
    const data = { ...chunk, later: true }
    expect(checkEvent('message_chunk', data)).toEqual({ ok: true, data })
  })

  it.each([
    ['no object', 'text', 'data must be an object'],
    ['a list', [], 'data must be an object'],
    ['a field of another kind', { ...chunk, content: 7 }, 'data.content must be a string'],
    [
      'a field missing',
      { content: '', isComplete: true },
      'data.messageId must be 1 to 64 of A–Z a–z 0–9 _ -',
    ],
    ['a wrong flag', { ...chunk, isComplete: 'no' }, 'data.isComplete must be true or false'],
    [
      'a wrong part of a part',
      { ...chunk, metadata: { tokens: '3' } },
      'data.metadata.tokens must be a number',
    ],
    [
      'a wrong list',
      { ...chunk, metadata: { tokens: 3, citations: {} } },
      'data.metadata.citations must be a list',
    ],
    [
      'a wrong item',
      { ...chunk, metadata: { tokens: 3, citations: [{ n: -1 }] } },
      'data.metadata.citations[0].n must be a whole number from 0',
    ],
  ])('is refused with %s, and the reason says where', (_, data, reason) => {
    expect(checkEvent('message_chunk', data)).toEqual({ ok: false, reason })
  })

  it('tells absent from null', () => {
    expect(checkEvent('message_started', { messageId: 'm', role: 'assistant', agentId: null }).ok).toBe(false)
    const agent = { agentId: 'a', agentName: 'A', status: 'working', progress: 1, currentTask: '' }
    expect(checkEvent('agent_progress', { ...agent, estimatedTimeRemaining: null }).ok).toBe(true)
    expect(checkEvent('agent_progress', agent)).toEqual({
      ok: false,
      reason: 'data.estimatedTimeRemaining must be a number',
    })
  })

  it('names the words to choose from', () => {
    expect(checkEvent('run_completed', { runId: 'r', status: 'done' })).toEqual({
      ok: false,
      reason: 'data.status must be completed or failed or cancelled or interrupted',
    })
    expect(checkEvent('heartbeat', { heads: { s: 1 } })).toEqual({
      ok: false,
      reason: 'data.heads must be an object of cursors',
    })
  })

  it('tells a listener whether the event is one of its type', () => {
    expect(isEvent({ ...envelope, type: 'message_chunk', data: chunk }, 'message_chunk')).toBe(true)
    expect(isEvent({ ...envelope, type: 'message_chunk', data: {} }, 'message_chunk')).toBe(false)
    expect(isEvent({ ...envelope, type: 'note', data: chunk }, 'message_chunk')).toBe(false)
    expect(isEvent({ ...envelope, type: 'caught_up', data: { head: 'abcdefgh-1' } }, 'caught_up')).toBe(true)
  })
})
