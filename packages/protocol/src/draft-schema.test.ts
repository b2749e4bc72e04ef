import { describe, expect, it } from 'vitest'
import { MAX_DATA_DEPTH, checkDraft } from './draft-schema.ts'
import { CONTROL_TYPES } from './events.ts'
import { StreamError } from './stream-error.ts'

const draft = { type: 'note', data: { a: 1 } }

function refusal(value: unknown): string {
  try {
    checkDraft(value)
  } catch (error) {
    if (error instanceof StreamError && error.code === 'invalid_request' && error.status === 400) {
      return error.message
    }
    throw error
  }
  return 'accepted'
}

function nested(depth: number): unknown {
  return depth === 0 ? 1 : { in: [nested(depth - 2)] }
}

describe('a draft', () => {
  it('comes back with what it may have, and nothing else', () => {
    const scope = { runId: 'r', agentId: 'a', messageId: 'm', parentId: null }
    expect(checkDraft({ ...draft, ...scope, id: 'abcdefgh-1', prev: 1, sessionId: 's' })).toEqual({
      ...draft,
      ...scope,
    })
    expect(checkDraft(draft)).toEqual(draft)
    expect(checkDraft({ type: 'note', data: null })).toEqual({ type: 'note', data: null })
  })

  it('of the type error_event is one of error_occurred', () => {
    const data = { code: 'server_error', message: 'x', retryable: true }
    expect(checkDraft({ type: 'error_event', data })).toEqual({ type: 'error_occurred', data })
  })

  it('may be an ephemeral event', () => {
    const typing = { type: 'typing_indicator', data: { isTyping: true } }
    expect(checkDraft(typing)).toEqual(typing)
  })

  it.each([
    [-5, 0],
    [101, 100],
    [Infinity, 100],
    [Number.NaN, 0],
    [40.5, 40.5],
  ])('has its progress clamped: %d becomes %d', (progress, clamped) => {
    const agent = {
      agentId: 'a',
      agentName: 'A',
      status: 'working',
      currentTask: '',
      estimatedTimeRemaining: null,
    }
    expect(checkDraft({ type: 'agent_progress', data: { ...agent, progress } }).data).toEqual({
      ...agent,
      progress: clamped,
    })
  })

  it.each(CONTROL_TYPES)('is refused as %s, which only the hub writes', (type) => {
    expect(refusal({ type, data: {} })).toBe('event.type is one that only the hub writes: choose another')
  })

  it.each([
    [null, 'event must be an object'],
    [[], 'event must be an object'],
    [{ type: 'note' }, 'event.data is missing: null stands for nothing'],
    [{ data: 1 }, 'event.type must be a–z 0–9 _ and a letter first, at most 64'],
    [{ ...draft, type: 'x'.repeat(65) }, 'event.type must be a–z 0–9 _ and a letter first, at most 64'],
    [{ ...draft, runId: 'a/b' }, 'event.runId must be 1 to 64 of A–Z a–z 0–9 _ -'],
    [{ ...draft, parentId: 7 }, 'event.parentId must be 1 to 64 of A–Z a–z 0–9 _ -'],
    [{ type: 'message_chunk', data: { messageId: 'm' } }, 'event.data.content must be a string'],
  ])('%j is refused, saying which field and the mend', (value, message) => {
    expect(refusal(value)).toBe(message)
  })
})

describe('A6 the strings of a draft', () => {
  it.each(['\r', '\n', '\0', '\u2028', '\ud83c', '\udf0a'])('are kept in data with %j', (text) => {
    const value = { type: 'note', data: { [`key${text}`]: text } }
    expect(checkDraft(value)).toEqual(value)
  })

  it.each(['\r', '\n', '\0', '\u2028', '\ud83c'])('are refused in type and ids with %j', (text) => {
    for (const field of ['type', 'runId', 'agentId', 'messageId', 'parentId']) {
      expect(refusal({ ...draft, [field]: `a${text}` })).toContain(`event.${field} must be`)
    }
  })
})

describe('A10 the data of a draft', () => {
  it.each(['__proto__', 'constructor', 'prototype'])('is refused with a field %s, at any depth', (name) => {
    const data: unknown = JSON.parse(`{"a":[{"${name}":{"polluted":true}}]}`)
    expect(refusal({ type: 'note', data })).toBe(`event.data.a[0].${name} is a reserved name: rename it`)
  })

  it('is refused when deeper than the limit, however deep', () => {
    expect(checkDraft({ type: 'note', data: nested(MAX_DATA_DEPTH) })).toBeDefined()
    expect(refusal({ type: 'note', data: nested(MAX_DATA_DEPTH + 2) })).toContain(
      'nested too deeply: flatten it',
    )
    const deep: unknown = JSON.parse('['.repeat(100_000) + ']'.repeat(100_000))
    expect(refusal({ type: 'note', data: deep })).toContain('nested too deeply')
    expect(() => checkDraft({ type: 'note', data: [[]] }, { maxDepth: 1 })).toThrow(StreamError)
  })

  it('is refused when it goes round in a circle', () => {
    const data: Record<string, unknown> = {}
    data['self'] = data
    expect(refusal({ type: 'note', data })).toContain('nested too deeply')
  })

  it.each([
    [() => 1, ' must be JSON, not a function'],
    [Symbol('s'), ' must be JSON, not a symbol'],
    [1n, ' must be JSON, not a bigint'],
    [Number.NaN, ' must be finite: JSON has no NaN or Infinity'],
    [new Date(0), ' must be a plain object: convert it to JSON first'],
    [new Map(), ' must be a plain object: convert it to JSON first'],
    [[undefined], '[0] is missing: null stands for nothing'],
  ])('is refused when JSON would drop or change it: case %#', (value, mend) => {
    expect(refusal({ type: 'note', data: { a: value } })).toBe(`event.data.a${mend}`)
  })

  it('may have fields that are undefined, for JSON leaves them out', () => {
    expect(checkDraft({ type: 'note', data: { a: undefined } })).toEqual({ type: 'note', data: {} })
  })

  it('does not repeat a long foreign name in the message', () => {
    expect(refusal({ type: 'note', data: { ['x'.repeat(10_000)]: 1n } }).length).toBeLessThan(100)
  })
})
