import { StreamError, type Draft } from '@throughline/protocol'
import { describe, expect, it } from 'vitest'
import { createMemoryRun } from '../testing/memory-run.ts'
import { startAnswer } from './answer-stream.ts'

const scope = { runId: 'r_1', messageId: 'a_r_1', parentId: 'm_1' }
const citation = { n: 1, documentId: 'd', title: 't', start: 0, end: 1, quote: 'q' }

function chunks(drafts: readonly Draft[]) {
  return drafts.filter((draft) => draft.type === 'message_chunk').map((draft) => draft.data)
}

describe('the stream of an answer', () => {
  it('writes the first token at once and together those that come while it is under way', async () => {
    const gates: (() => void)[] = []
    const memory = createMemoryRun({
      question: 'q',
      onWrite: (draft) =>
        draft.type === 'message_chunk' ? new Promise<void>((resolve) => gates.push(resolve)) : undefined,
    })
    const answer = await startAnswer({ writer: memory.run.writer, scope, agentId: 'writer' })
    for (const token of ['a', 'b', 'c']) await answer.push(token, token === 'c' ? [citation] : [])
    gates[0]?.()
    await expect.poll(() => gates.length).toBe(2)
    await answer.push('d')
    gates[1]?.()
    await expect.poll(() => gates.length).toBe(3)
    gates[2]?.()
    await answer.complete([citation], 'session-1')
    expect(chunks(memory.drafts)).toMatchObject([
      { content: 'a', metadata: { tokens: 1 } },
      { content: 'bc', metadata: { tokens: 2, citations: [citation] } },
      { content: 'd' },
    ])
    expect(memory.answer()).toMatchObject({ content: 'abcd', status: 'complete', integrity: 'complete' })
  })

  it('slows a writer down that is far ahead of the log', async () => {
    let release: () => void = () => undefined
    const held = new Promise<void>((resolve) => {
      release = resolve
    })
    const memory = createMemoryRun({
      question: 'q',
      onWrite: (draft) => (draft.type === 'message_chunk' ? held : undefined),
    })
    const answer = await startAnswer({ writer: memory.run.writer, scope, agentId: 'writer' })
    await answer.push('x')
    let through = false
    const pushed = answer.push('y'.repeat(40_000)).then(() => {
      through = true
    })
    await new Promise(setImmediate)
    expect(through).toBe(false)
    release()
    await pushed
    expect(through).toBe(true)
  })

  it('tells whoever writes next that the log refused', async () => {
    const memory = createMemoryRun({
      question: 'q',
      onWrite: (draft) => {
        if (draft.type === 'message_chunk') throw new StreamError('conflict', 'The run is over: stop.')
      },
    })
    const answer = await startAnswer({ writer: memory.run.writer, scope, agentId: 'writer' })
    await answer.push('a')
    await expect(answer.flush()).rejects.toMatchObject({ code: 'conflict' })
    await expect(answer.push('b')).rejects.toMatchObject({ code: 'conflict' })
    await expect(answer.complete([], 'session-1')).rejects.toMatchObject({ code: 'conflict' })
    expect(memory.drafts.some((draft) => draft.type === 'message_completed')).toBe(false)
  })
})
