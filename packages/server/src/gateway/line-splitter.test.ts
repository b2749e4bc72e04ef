import fc from 'fast-check'
import { expect, test } from 'vitest'
import { LineSplitter } from './line-splitter.ts'

const decoder = new TextDecoder()

/** What comes out of a body that arrives in pieces of these lengths. */
function linesOf(body: string, lengths: readonly number[]): string[] {
  const bytes = new TextEncoder().encode(body)
  const splitter = new LineSplitter(1_000)
  const lines: Uint8Array[] = []
  let from = 0
  for (const length of [...lengths, bytes.length]) {
    lines.push(...splitter.push(bytes.subarray(from, from + length)))
    from += length
  }
  return [...lines, ...splitter.end()].map((line) => decoder.decode(line))
}

test('wherever a body is cut, its lines are the same, without the blank ones', () => {
  const line = fc.string({ unit: fc.constantFrom('a', 'é', '{', '"') })
  const ends = fc.constantFrom('\n', '\r\n', '\n\n')
  const body = fc.array(fc.tuple(line, ends)).map((parts) => parts.flat().join(''))
  fc.assert(
    fc.property(body, line, fc.array(fc.nat(5)), (lines, last, lengths) => {
      const expected = `${lines}${last}`.split('\n').filter((text) => text !== '' && text !== '\r')
      expect(linesOf(lines + last, lengths)).toEqual(expected)
    }),
  )
})

test('a line that is too long is seen before it has ended, after those before it', () => {
  const splitter = new LineSplitter(4)
  const push = (text: string): string[] =>
    splitter.push(new TextEncoder().encode(text)).map((line) => decoder.decode(line))
  expect(push('abcd\nab')).toEqual(['abcd'])
  expect(push('cd')).toEqual([])
  expect(splitter.isTooLong).toBe(false)
  expect(push('e')).toEqual([])
  expect(splitter.isTooLong).toBe(true)

  const other = new LineSplitter(4)
  expect(other.push(new TextEncoder().encode('ab\nabcde\nab\n'))).toHaveLength(1)
  expect(other.isTooLong).toBe(true)
})
