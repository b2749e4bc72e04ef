import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { blocksOf } from './blocks.ts'
import { normaliseText } from './normalise.ts'
import { passagesOf } from './passages.ts'

const line = fc.oneof(
  fc.string({ maxLength: 90 }),
  fc.lorem({ maxCount: 30, mode: 'words' }),
  fc.constantFrom(
    '',
    '',
    '# Title',
    '## Sub',
    '- item',
    '  - nested',
    '1. step',
    '> quote',
    '```',
    '```ts',
    '| a | b |',
    '| - | - |',
    '---',
    '    code',
    'Intro:',
    '🎉 emoji 日本語',
    '\u2028',
  ),
)
const markdown = fc.array(line, { maxLength: 120 }).map((lines) => normaliseText(lines.join('\n')))

describe('passagesOf', () => {
  it('gives, for any text, passages in order, without overlap, that are trimmed slices of it', () => {
    fc.assert(
      fc.property(markdown, (text) => {
        let end = 0
        for (const passage of passagesOf(text)) {
          expect(passage.start).toBeGreaterThanOrEqual(end)
          expect(passage.end).toBeGreaterThan(passage.start)
          expect(text.slice(passage.start, passage.end).trim()).not.toBe('')
          end = passage.end
        }
        expect(end).toBeLessThanOrEqual(text.length)
      }),
    )
  })

  it('leaves out nothing but headings, rules and white space', () => {
    fc.assert(
      fc.property(markdown, (text) => {
        let rest = text
        const left = blocksOf(text).filter((block) => block.kind === 'heading' || block.kind === 'rule')
        const taken = [...passagesOf(text), ...left].sort((a, b) => b.start - a.start)
        for (const { start, end } of taken) rest = rest.slice(0, start) + rest.slice(end)
        expect(rest.trim()).toBe('')
      }),
    )
  })

  it('never cuts a fence or table of ordinary size', () => {
    fc.assert(
      fc.property(markdown, (text) => {
        const passages = passagesOf(text)
        for (const block of blocksOf(text)) {
          if ((block.kind !== 'code' && block.kind !== 'table') || block.end - block.start > 4_000) continue
          const whole = passages.some(({ start, end }) => start <= block.start && end >= block.end)
          expect(whole).toBe(true)
        }
      }),
    )
  })

  it('cuts an endless line without breaking a surrogate pair', () => {
    const text = '🎉'.repeat(6_000)
    const passages = passagesOf(text)
    expect(passages.length).toBeGreaterThan(5)
    for (const { start, end } of passages) expect(text.slice(start, end).isWellFormed()).toBe(true)
  })
})
