import { describe, expect, it } from 'vitest'
import { nearDuplicate, shinglesOf } from './shingles.ts'

function same(a: string, b: string): boolean {
  return nearDuplicate(shinglesOf(a), shinglesOf(b))
}

describe('nearDuplicate', () => {
  it('sees through small changes and quotations of a part', () => {
    const text = 'Route Handlers allow you to create custom request handlers for a given route.'
    expect(
      same(text, 'Route handlers allow you to create custom request handlers for any given route!'),
    ).toBe(true)
    expect(same(text, 'Allow you to create custom request handlers')).toBe(true)
  })

  it('keeps different statements about one thing apart', () => {
    expect(same('A layout is shared between pages.', 'A layout keeps its state when pages change.')).toBe(
      false,
    )
    expect(same('yes', 'no')).toBe(false)
  })
})
