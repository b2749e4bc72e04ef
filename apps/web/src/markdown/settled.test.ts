import { expect, test } from 'vitest'
import { CHUNK, chunksOf, emptyMarkdown, growMarkdown, type SettledMarkdown } from './settled.ts'

const raws = (state: SettledMarkdown) =>
  chunksOf(state).flatMap(({ tokens }) => tokens.map(({ raw }) => raw.trim()))

/** The states of a text that grows by these pieces. */
function growing(...pieces: readonly string[]): readonly SettledMarkdown[] {
  let text = ''
  let state = emptyMarkdown
  return pieces.map((piece) => (state = growMarkdown(state, (text += piece), false)))
}

test('a settled block keeps its identity while the text grows', () => {
  const [first, second] = growing('One.\n\nTwo', ' and more')
  expect(first?.rest).toHaveLength(1)
  expect(second?.rest[0]).toBe(first?.rest[0])
})

test('each block is lexed a bounded number of times: what is settled is not read again', () => {
  const pieces = Array.from({ length: 200 }, (_, at) => `Paragraph ${String(at)}.\n\n`)
  for (const state of growing(...pieces)) expect(state.open.length).toBeLessThanOrEqual(1)
})

test('a chunk of settled blocks keeps its identity, and the others are few', () => {
  const states = growing(...Array.from({ length: 3 * CHUNK }, (_, at) => `Paragraph ${String(at)}.\n\n`))
  const last = states.at(-1) ?? emptyMarkdown
  const before = states.at(-2) ?? emptyMarkdown
  expect(last.full).toHaveLength(2)
  expect(last.full[0]).toBe(before.full[0])
  expect(chunksOf(last).at(-1)).toMatchObject({ settled: CHUNK - 1 })
})

test('in a list that grows the items before stay the same', () => {
  const [first, second] = growing('- one\n- two\n- th', 'ree')
  const items = (state: SettledMarkdown | undefined): readonly unknown[] =>
    (state?.open[0] as { items: readonly unknown[] }).items
  expect(items(second)[0]).toBe(items(first)[0])
  expect(items(second)[2]).not.toBe(items(first)[2])
})

test('in a table that grows the rows before stay the same', () => {
  const [first, second] = growing('| a |\n| - |\n| 1 |\n| 2', '2 |')
  const rows = (state: SettledMarkdown | undefined): readonly unknown[] =>
    (state?.open[0] as { rows: readonly unknown[] }).rows
  expect(rows(second)[0]).toBe(rows(first)[0])
  expect(rows(second)[1]).not.toBe(rows(first)[1])
})

test.each([
  ['a heading that becomes a word', 'Text\n#', 'word goes on'],
  ['a rule that becomes a list', 'Text\n-', ' one'],
  ['a table whose second line is not one', 'Text\n| a |\n|-', ' b'],
  ['a definition whose title follows', '[a]: https://example.org\n"titl', 'e"\n\n[a]'],
])('what was above %s is read anew', (_, begun, more) => {
  const states = growing(begun, more)
  expect(raws(states.at(-1) ?? emptyMarkdown)).toEqual(raws(growMarkdown(emptyMarkdown, begun + more, true)))
})

test('a label defined in the end makes links of what referred to it before', () => {
  const states = growing('See [docs] and [1].\n\nMore.\n\n', '[docs]: https://example.org\n\nEnd')
  const [paragraph] = states.at(-1)?.rest ?? []
  expect((paragraph as { tokens: { type: string }[] }).tokens.map(({ type }) => type)).toContain('link')
})

test('line ends of any kind settle', () => {
  const [state] = growing('One.\r\n\r\nTwo.\r\n\r\nThree')
  expect(state?.rest).toHaveLength(2)
})

test('a text that was replaced is lexed anew', () => {
  const [first = emptyMarkdown] = growing('One.\n\nTwo')
  expect(raws(growMarkdown(first, 'Other text', true))).toEqual(['Other text'])
})
