import { describe, expect, it } from 'vitest'
import { intentOf } from './intent.ts'

describe('intentOf', () => {
  it.each([
    ['How do I cache?', 'how'],
    ['Hi, how can I cache?', 'how'],
    ['Where do I put images?', 'how'],
    ['What is a layout?', 'what'],
    ["what's ISR", 'what'],
    ['Why does it fail?', 'what'],
    ['route groups', 'other'],
  ])('%s asks %s', (question, intent) => {
    expect(intentOf(question)).toBe(intent)
  })
})
