import fc from 'fast-check'
import { expect, test } from 'vitest'
import { parseJson } from './body.ts'

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text)
const nested = (depth: number): string => '['.repeat(depth) + ']'.repeat(depth)

test('A10 nesting is counted outside of strings only, whatever they hold', () => {
  const piece = fc.constantFrom('[', '{', '"', '\\', 'x', ']', '}', '\n')
  const text = fc.array(piece, { maxLength: 200 }).map((pieces) => pieces.join(''))
  fc.assert(
    fc.property(fc.array(text), (texts) => {
      expect(parseJson(bytes(JSON.stringify(texts)))).toEqual(texts)
    }),
  )
})

test('A10 what is nested too deep is refused, also behind strings that end in backslashes', () => {
  expect(parseJson(bytes(nested(64)))).toBeDefined()
  expect(() => parseJson(bytes(nested(65)))).toThrow('nested more than 64 deep')
  expect(() => parseJson(bytes(`["\\\\",${nested(64)}]`))).toThrow('nested more than 64 deep')
  expect(() => parseJson(bytes(`["\\"",${nested(64)}]`))).toThrow('nested more than 64 deep')
})

test('A10 a string without an end is no JSON', () => {
  expect(() => parseJson(bytes('{"a":"b'))).toThrow('not JSON')
  expect(() => parseJson(bytes('{"a":"b\\"'))).toThrow('not JSON')
})
