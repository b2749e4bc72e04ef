import { describe, expect, it } from 'vitest'
import { initialConversation, isContiguous } from './conversation-fold.ts'
import { reduceConversation } from './conversation-reducer.ts'
import type { Message } from './conversation-state.ts'
import { StreamError } from './stream-error.ts'
import { EPOCH, begun, chunk, envelopes, fold, held, tell } from './testing/told.ts'

describe('positions', () => {
  it('advance with every event that has an id', () => {
    expect(initialConversation('s').position).toBeNull()
    expect(fold(begun).position).toEqual({ epoch: EPOCH, offset: 4 })
    expect(fold(begun).updatedAt).toBe(4000)
  })

  it('are all that unknown types and malformed data change', () => {
    const state = fold(begun)
    const after = fold(
      [
        { type: 'note', data: 1 },
        { type: 'message_chunk', data: { messageId: 'm1' } },
      ],
      state,
    )
    expect(after).toEqual({ ...state, position: { epoch: EPOCH, offset: 6 } })
    expect(after.messages).toBe(state.messages)
    expect(after.runs).toBe(state.runs)
  })

  it('are not changed by events without an id, nor by control events', () => {
    const state = fold(begun)
    const envelope = { timestamp: 9, sessionId: 's' }
    const after = reduceConversation(state, [
      { ...envelope, type: 'typing_indicator', data: { isTyping: true } },
      { ...envelope, type: 'message_chunk', data: chunk('x').data },
      { ...envelope, type: 'snapshot', data: {}, id: `${EPOCH}-900` },
    ])
    expect(after).toBe(state)
  })

  it('R7 make what comes twice come once', () => {
    const all = envelopes([...begun, chunk('a'), chunk('b')])
    const state = reduceConversation(initialConversation('s'), all)
    expect(reduceConversation(state, all)).toBe(state)
    expect(reduceConversation(initialConversation('s'), [...all, ...all.slice(2)])).toEqual(state)
  })

  it('never hide a loss: a gap, another epoch and a malformed id throw, and the state stays', () => {
    const state = fold(begun)
    for (const id of [`${EPOCH}-6`, 'otherepo-5', 'otherepo-1', 'nonsense']) {
      const event = { id, type: 'note', data: 1, timestamp: 1, sessionId: 's' }
      expect(isContiguous(state.position, event)).toBe(false)
      expect(() => reduceConversation(state, [event])).toThrow(
        expect.objectContaining({ code: 'cursor_expired' }) as StreamError,
      )
    }
    expect(() => fold([{ ...chunk('x'), offset: 2 }])).toThrow(StreamError)
  })

  it('are contiguous with the next, with a bridge over compacted events, and with what was folded', () => {
    const at = { epoch: EPOCH, offset: 5 }
    expect(isContiguous(at, { id: `${EPOCH}-6` })).toBe(true)
    expect(isContiguous(at, { id: `${EPOCH}-9`, prev: 5 })).toBe(true)
    expect(isContiguous(at, { id: `${EPOCH}-9`, prev: 3 })).toBe(true)
    expect(isContiguous(at, { id: `${EPOCH}-9`, prev: 6 })).toBe(false)
    expect(isContiguous(at, { id: `${EPOCH}-2` })).toBe(true)
    expect(isContiguous(at, {})).toBe(true)
    expect(isContiguous(null, { id: `${EPOCH}-1` })).toBe(true)
    expect(isContiguous(null, { id: `${EPOCH}-4`, prev: 0 })).toBe(true)
    expect(isContiguous(null, { id: `${EPOCH}-4` })).toBe(false)
  })
})

describe('a session', () => {
  it('is renamed and archived', () => {
    const state = fold([
      ...begun,
      tell('session_updated', { title: 'T' }),
      tell('session_updated', { archived: true }),
    ])
    expect(state).toMatchObject({ title: 'T', archived: true })
    expect(fold([tell('user_message', { messageId: 'u9', content: 'Other' })], state).title).toBe('T')
  })
})

describe('a long batch', () => {
  it('B8 of 20,000 chunks among 5,000 messages costs no walk for each', () => {
    const many = Array.from({ length: 5_000 }, (_, index) =>
      tell('user_message', { messageId: `u${String(index)}`, content: 'x' }),
    )
    const state = fold([...many, ...begun])
    let reads = 0
    const counted = new Proxy(state.messages as Message[], {
      get(target, key, receiver): unknown {
        reads += typeof key === 'string' && /^\d+$/.test(key) ? 1 : 0
        return Reflect.get(target, key, receiver)
      },
    })
    const chunks = Array.from({ length: 20_000 }, () => chunk('0123456789'))
    const after = fold(chunks, { ...state, messages: counted })
    expect(held(after, 'm1')?.content).toHaveLength(200_000)
    expect(reads).toBeLessThan(4 * state.messages.length)
  })
})
