import { describe, expect, it } from 'vitest'
import { normaliseText } from './normalise.ts'

describe('normaliseText', () => {
  it('makes a text one that can be stored and given back unchanged', () => {
    expect(normaliseText('\uFEFFa\r\nb\rc\0\uD800d🍵')).toBe('a\nb\nc\uFFFD\uFFFDd🍵')
  })

  it('leaves a normal text, and its own result, alone', () => {
    expect(normaliseText('a\nb\uFEFF')).toBe('a\nb\uFEFF')
  })
})
