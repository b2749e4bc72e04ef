import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { answerPieces } from './answer-pieces.ts'
import { citationMarks, createCitationReader } from './citation-marks.ts'

const markdown = fc
  .array(
    fc.constantFrom(
      'A sentence. ',
      'Another one? ',
      ' [1]',
      '[2](link)',
      '\\[3]',
      '`a[4]`',
      '\n',
      '\n\n',
      '```ts\n',
      '```\n',
      '~~~\n',
      'x[5]',
      'e.g. this',
      '- item',
      '> quote',
      '# Title',
      '…',
      '[12]',
      '.',
      ' ',
      '日本語。',
    ),
    { maxLength: 60 },
  )
  .map((parts) => parts.join(''))

describe('the pieces an answer is streamed in', () => {
  it('are the answer again when joined', () => {
    fc.assert(
      fc.property(markdown, (text) => {
        expect(answerPieces(text).join('')).toBe(text)
      }),
    )
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(answerPieces(text).join('')).toBe(text)
      }),
    )
  })

  it('are sentences with their citations, and lines of code', () => {
    const text = 'One is so. [1] Two is so! [2][3]\n\n```ts\nconst a = b[1]. c\nd\n```\n\nThree'
    expect(answerPieces(text)).toEqual([
      'One is so. [1] ',
      'Two is so! [2][3]\n\n',
      '```ts\n',
      'const a = b[1]. c\n',
      'd\n',
      '```\n\n',
      'Three',
    ])
  })
})

describe('citations read from a text that arrives in bits', () => {
  it('have the same numbers however it is cut', () => {
    fc.assert(
      fc.property(markdown, fc.array(fc.nat(20), { maxLength: 30 }), (text, cuts) => {
        const reader = createCitationReader()
        const found: number[] = []
        let at = 0
        // A link is only known by the character after the mark, so a cut never stands there.
        const safe = (end: number) => (text[end - 1] === ']' && text[end] === '(' ? end + 1 : end)
        for (const cut of [...cuts, text.length]) {
          const end = Math.max(at, safe(Math.min(text.length, at + cut)))
          found.push(...reader.read(text.slice(at, end)).map((mark) => mark.n))
          at = end
        }
        expect(found).toEqual(citationMarks(text).map((mark) => mark.n))
      }),
    )
  })

  it('leave out code, links and escaped brackets, and know their sentence', () => {
    const text = 'First. Second holds [1][2], and more [3].\n`a[4]` [5](x) \\[6]\n```\n[7]\n```\n- Item [8]'
    expect(citationMarks(text)).toEqual([
      { n: 1, sentence: 'Second holds' },
      { n: 2, sentence: 'Second holds' },
      { n: 3, sentence: 'and more' },
      { n: 8, sentence: '- Item' },
    ])
  })
})
