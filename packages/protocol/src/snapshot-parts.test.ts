import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { MAX_SNAPSHOT_PART_BYTES, joinSnapshotParts, snapshotParts } from './snapshot-parts.ts'
import { StreamError } from './stream-error.ts'

const text = fc
  .array(
    fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.constantFrom('🌊', '\ud83c', '"', '\\', '\n', '\u0001', '\u2028', 'é'),
    ),
  )
  .map((parts) => parts.join(''))
const control = (parts: readonly string[], reducerVersion = 1) =>
  parts.map((state, index) => ({ part: index + 1, parts: parts.length, reducerVersion, state }))

describe('the parts of a snapshot', () => {
  it('join to the whole; each is small enough on the wire and splits no character', () => {
    fc.assert(
      fc.property(text, fc.integer({ min: 8, max: 40 }), (whole, maxBytes) => {
        const parts = snapshotParts(whole, maxBytes)
        expect(joinSnapshotParts(control(parts))).toBe(whole)
        for (const [index, part] of parts.entries()) {
          expect(new TextEncoder().encode(JSON.stringify(part)).length).toBeLessThanOrEqual(maxBytes)
          expect(/[\ud800-\udbff]$/.test(part) && /^[\udc00-\udfff]/.test(parts[index + 1] ?? '')).toBe(false)
        }
      }),
    )
  })

  it('are as few as fit', () => {
    const quotes = '"'.repeat(MAX_SNAPSHOT_PART_BYTES)
    const parts = snapshotParts(quotes)
    expect(parts.map((part) => part.length)).toEqual([131_071, 131_071, 2])
    expect(snapshotParts('x'.repeat(MAX_SNAPSHOT_PART_BYTES - 2))).toHaveLength(1)
    expect(snapshotParts('')).toEqual([''])
  })

  it('cannot be smaller than what one escaped character needs', () => {
    expect(() => snapshotParts('x', 7)).toThrow(StreamError)
  })

  it('join to nothing while some are missing, out of order or of another snapshot', () => {
    const parts = control(['a', 'b', 'c'])
    const [a, b, c] = parts
    if (a === undefined || b === undefined || c === undefined) throw new Error('three parts')
    expect(joinSnapshotParts([])).toBeUndefined()
    expect(joinSnapshotParts([a, b])).toBeUndefined()
    expect(joinSnapshotParts([a, c, b])).toBeUndefined()
    expect(joinSnapshotParts([a, b, b])).toBeUndefined()
    expect(joinSnapshotParts([a, b, { ...c, reducerVersion: 2 }])).toBeUndefined()
    expect(joinSnapshotParts([a, b, { ...c, parts: 4 }])).toBeUndefined()
    expect(joinSnapshotParts([a, b, c])).toBe('abc')
  })
})
