import { expect, test } from 'vitest'
import { groupLines } from './line-groups.ts'

const encoder = new TextEncoder()
const line = (producerSeq: number, fields: object = {}): Uint8Array =>
  encoder.encode(JSON.stringify({ type: 'note', data: 1, producerSeq, ...fields }))

/** First and last number of each group. */
function groups(lines: readonly Uint8Array[]): (readonly number[])[] {
  return [...groupLines(lines)].map(({ producerSeq, through, drafts }) => {
    expect(drafts).toHaveLength(through - producerSeq + 1)
    return [producerSeq, through]
  })
}

test('lines that follow one another are one group, up to a bound', () => {
  expect(groups([line(1), line(2), line(3)])).toEqual([[1, 3]])
  expect(groups(Array.from({ length: 130 }, (_, at) => line(at + 1)))).toEqual([
    [1, 64],
    [65, 128],
    [129, 130],
  ])
  const large = { data: 'x'.repeat(100_000) }
  expect(groups([1, 2, 3, 4].map((seq) => line(seq, large)))).toEqual([
    [1, 2],
    [3, 4],
  ])
})

test('L8 gaps, repeats and runs are left to be judged one by one', () => {
  expect(groups([line(1), line(3), line(3), line(4)])).toEqual([
    [1, 1],
    [3, 3],
    [3, 4],
  ])
  expect(
    groups([line(1), line(2, { runId: 'r' }), line(3, { runId: 'r' }), line(4, { runId: 's' })]),
  ).toEqual([
    [1, 1],
    [2, 3],
    [4, 4],
  ])
})

test('what is not stored, and what changes a run, stands alone', () => {
  for (const type of ['typing_indicator', 'thinking_status', 'run_completed']) {
    const data = {
      isTyping: true,
      isThinking: true,
      agentId: 'a',
      runId: 'r',
      status: 'completed',
      attempt: 1,
    }
    expect(groups([line(1), line(2, { type, data }), line(3)])).toEqual([
      [1, 1],
      [2, 2],
      [3, 3],
    ])
  }
})

test('a bad line is told when those before it were given out', () => {
  const given: number[] = []
  expect(() => {
    for (const { through } of groupLines([line(1), line(2), encoder.encode('{'), line(3)]))
      given.push(through)
  }).toThrow()
  expect(given).toEqual([2])
})
