import { describe, expect, it } from 'vitest'
import { begun, chunk, completed, fold, held, tell } from './testing/told.ts'
import type { Told } from './testing/told.ts'

describe('a message', () => {
  it('of a person is whole at once and titles the session', () => {
    const attachments = [{ documentId: 'd', title: 'D' }]
    const state = fold([
      tell(
        'user_message',
        { messageId: 'u1', content: '\nWhy?\nTell me.', attachments },
        { parentId: 'm0', runId: 'r1' },
      ),
      tell('user_message', { messageId: 'u2', content: 'More' }),
    ])
    expect(state.title).toBe('Why?')
    expect(held(state, 'u1')).toEqual({
      id: 'u1',
      role: 'user',
      parentId: 'm0',
      runId: 'r1',
      agentId: null,
      content: '\nWhy?\nTell me.',
      status: 'complete',
      integrity: 'complete',
      citations: [],
      attachments,
      offset: 1,
      createdAt: 1000,
      endedAt: 1000,
      bridged: false,
    })
  })

  it('of an agent streams, and is complete when its whole text is what was assembled', () => {
    const state = fold([...begun, chunk('Hel'), chunk('lo')])
    const partial = { role: 'assistant', parentId: 'u1', runId: 'r1', agentId: 'writer', content: 'Hello' }
    expect(held(state, 'm1')).toMatchObject({
      ...partial,
      status: 'streaming',
      integrity: 'open',
      endedAt: null,
    })
    expect(held(fold([completed('Hello')], state), 'm1')).toMatchObject({
      ...partial,
      status: 'complete',
      integrity: 'complete',
      endedAt: 7000,
    })
  })

  it('that was assembled wrongly is healed and says so', () => {
    expect(held(fold([...begun, chunk('Hel'), completed('Hello')]), 'm1')).toMatchObject({
      content: 'Hello',
      integrity: 'diverged',
    })
  })

  it('whose chunks were compacted away takes its text from the end, and has not diverged', () => {
    const state = fold([...begun, { ...chunk('c'), offset: 8, prev: 4 }])
    expect(held(state, 'm1')?.bridged).toBe(true)
    const after = fold([{ ...completed('abc'), offset: 9 }], state)
    expect(held(after, 'm1')).toMatchObject({ content: 'abc', integrity: 'complete', bridged: false })
  })

  it('is not bridged by compaction that took only what this reader had seen', () => {
    const state = fold([...begun, chunk('a'), { ...chunk('b'), prev: 4 }])
    expect(held(state, 'm1')?.bridged).toBe(false)
  })

  it('takes nothing after its end, and before its beginning there is none', () => {
    const state = fold([...begun, chunk('a'), completed('a')])
    const after = fold([chunk('b'), completed('b'), chunk('x', 'm9'), completed('x', 'm9')], state)
    expect(after.messages).toBe(state.messages)
  })

  it('collects citations by number; the end has the last word', () => {
    const cite = (n: number, title: string) => ({ n, documentId: 'd', title, start: 0, end: 1, quote: 'q' })
    const cited = (...citations: ReturnType<typeof cite>[]): Told =>
      tell('message_chunk', {
        messageId: 'm1',
        content: '',
        isComplete: false,
        metadata: { tokens: 1, citations },
      })
    const state = fold([...begun, cited(cite(1, 'a'), cite(2, 'b')), cited(cite(1, 'c'))])
    expect(held(state, 'm1')?.citations).toEqual([cite(1, 'c'), cite(2, 'b')])
    expect(held(fold([completed('')], state), 'm1')?.citations).toEqual([cite(1, 'c'), cite(2, 'b')])
    const end = { messageId: 'm1', sessionId: 's', finalContent: '', citations: [cite(3, 'z')] }
    expect(held(fold([tell('message_completed', end)], state), 'm1')?.citations).toEqual([cite(3, 'z')])
  })

  it('that begins again stands anew at its new place', () => {
    const again = tell('message_started', { messageId: 'm1', role: 'assistant' })
    const state = fold([...begun, chunk('a'), tell('user_message', { messageId: 'u2', content: 'x' }), again])
    expect(state.messages.map((message) => message.id)).toEqual(['u1', 'u2', 'm1'])
    expect(held(state, 'm1')).toMatchObject({ content: '', runId: null, offset: 7 })
  })

  it('keeps its identity while others change', () => {
    const state = fold([...begun, chunk('a')])
    const after = fold([chunk('b')], state)
    expect(after.messages[0]).toBe(state.messages[0])
    expect(after.messages[1]).not.toBe(state.messages[1])
    expect(after.runs).toBe(state.runs)
    expect(held(state, 'm1')?.content).toBe('a')
  })
})
