import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { passagesOf } from '../library/passages.ts'
import { sentencesOf } from './sentences.ts'

const line = fc.oneof(
  fc.string({ maxLength: 60 }),
  fc.lorem({ maxCount: 3, mode: 'sentences' }),
  fc.constantFrom(
    '',
    '- item. Two',
    '> quote. More',
    '>',
    '```',
    '| a |',
    '| - |',
    '1. x',
    '   ```',
    'a `b. C` d. E',
    '🎉! 日本。',
  ),
)
const markdown = fc.array(line, { maxLength: 60 }).map((lines) => lines.join('\n'))

describe('sentencesOf', () => {
  it('gives, for any text, units in order that are exactly their place in the document', () => {
    fc.assert(
      fc.property(markdown, (text) => {
        for (const { start, end } of passagesOf(text)) {
          let last = start
          for (const unit of sentencesOf({ start, text: text.slice(start, end) })) {
            expect(text.slice(unit.start, unit.end)).toBe(unit.text)
            expect(unit.start).toBeGreaterThanOrEqual(last)
            expect(unit.end).toBeLessThanOrEqual(end)
            last = unit.end
          }
        }
      }),
    )
  })
})
