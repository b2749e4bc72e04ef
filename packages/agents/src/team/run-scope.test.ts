import { ID_PATTERN, type Draft } from '@throughline/protocol'
import { describe, expect, it } from 'vitest'
import { createMemoryRun } from '../testing/memory-run.ts'
import { historyOf, partialOf, questionOf, scopeOf } from './run-scope.ts'

function said(messageId: string, role: 'user' | 'assistant', parentId: string | null): Draft[] {
  if (role === 'user')
    return [{ type: 'user_message', messageId, parentId, data: { messageId, content: messageId } }]
  return [
    { type: 'message_started', messageId, parentId, runId: 'r_0', data: { messageId, role } },
    {
      type: 'message_chunk',
      messageId,
      parentId,
      runId: 'r_0',
      data: { messageId, content: messageId, isComplete: false },
    },
  ]
}

describe('the scope of a run', () => {
  it('names the answer after the run, within the length of an id', () => {
    const long = createMemoryRun({ question: 'q', runId: 'r'.repeat(64) })
    expect(scopeOf(createMemoryRun({ question: 'q' }).run)).toEqual({
      runId: 'r_1',
      messageId: 'a_r_1',
      parentId: 'm_1',
    })
    expect(scopeOf(long.run).messageId).toMatch(ID_PATTERN)
  })

  it('gives a run that was begun by a lost owner a new answer', () => {
    const before = [{ ...said('a_r_1', 'assistant', 'm_1')[0], runId: 'r_1' }] as Draft[]
    const { run } = createMemoryRun({ question: 'q', before, fence: 7 })
    expect(scopeOf(run).messageId).toBe('a_r_1_7')
  })

  it('looks back along the question’s branch alone, oldest first', () => {
    const before = [
      ...said('u1', 'user', null),
      ...said('a1', 'assistant', 'u1'),
      ...said('other', 'assistant', 'u1'),
      ...said('u2', 'user', 'a1'),
      ...said('a2', 'assistant', 'u2'),
    ]
    const { run } = createMemoryRun({ question: 'q', before })
    expect(historyOf(run, 12).map((message) => message.id)).toEqual(['u1', 'a1', 'u2', 'a2'])
    expect(historyOf(run, 2).map((message) => message.id)).toEqual(['u2', 'a2'])
  })

  it('finds the partial answer of a run that goes on, and none otherwise', () => {
    const before = said('partial', 'assistant', 'm_1')
    const input = { kind: 'continue', continueFrom: 'partial' } as const
    expect(partialOf(createMemoryRun({ question: 'q', before, input }).run)?.content).toBe('partial')
    expect(partialOf(createMemoryRun({ question: 'q', before }).run)).toBeUndefined()
  })

  it('says so when the question is gone', () => {
    const { run } = createMemoryRun({ question: 'q' })
    expect(() => questionOf({ ...run, input: { ...run.input, messageId: 'm_9' } })).toThrow('Ask it again')
  })
})
