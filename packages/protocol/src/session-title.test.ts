import { describe, expect, it } from 'vitest'
import { sessionTitle } from './session-title.ts'

describe('the title of a session', () => {
  it.each([
    ['its first line', 'What is SSE?\nAnd why?', 'What is SSE?'],
    ['the first line that is not blank', '\r\n \n  first \r\nsecond', 'first'],
    ['up to a line separator', 'one\u2028two', 'one'],
    ['at most 80 characters', 'x'.repeat(81), 'x'.repeat(80)],
    ['none of them cut in half', '🌊'.repeat(81), '🌊'.repeat(80)],
    ['nothing for a blank message', ' \n\t ', ''],
  ])('is %s', (_, content, title) => {
    expect(sessionTitle(content)).toBe(title)
  })
})
