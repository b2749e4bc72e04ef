import { describe, expect, it } from 'vitest'
import { MAX_CURSOR_LENGTH, formatCursor, parseCursor } from './cursor.ts'

describe('a cursor (PROTOCOL.md §1)', () => {
  it('comes back as the position it was written from', () => {
    for (const position of [
      { epoch: 'abcdefgh', offset: 0 },
      { epoch: '0123456789ab', offset: Number.MAX_SAFE_INTEGER },
    ]) {
      expect(parseCursor(formatCursor(position))).toEqual(position)
    }
  })

  it.each([
    ['empty', ''],
    ['an epoch alone', 'abcdefgh'],
    ['no epoch', '-1'],
    ['a short epoch', 'abcdefg-1'],
    ['a long epoch', 'abcdefghijklm-1'],
    ['capitals', 'ABCDEFGH-1'],
    ['a leading zero', 'abcdefgh-01'],
    ['a negative offset', 'abcdefgh--1'],
    ['a fraction', 'abcdefgh-1.5'],
    ['an exponent', 'abcdefgh-1e3'],
    ['an unsafe integer', 'abcdefgh-9007199254740993'],
    ['blanks around', ' abcdefgh-1 '],
    ['a line end', 'abcdefgh-1\n'],
    ['digits of another script', 'abcdefgh-١'],
    ['64 KiB', `abcdefgh-${'1'.repeat(65_536)}`],
  ])('R2 %s is malformed and not an error', (_, text) => {
    expect(parseCursor(text)).toBeUndefined()
  })

  it('leaves room for every well-formed one below its longest', () => {
    const longest = formatCursor({ epoch: 'abcdefghijkl', offset: Number.MAX_SAFE_INTEGER })
    expect(longest.length).toBeLessThanOrEqual(MAX_CURSOR_LENGTH)
  })
})
