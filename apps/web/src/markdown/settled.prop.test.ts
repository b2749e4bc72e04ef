import fc from 'fast-check'
import type { Token } from 'marked'
import { expect, test } from 'vitest'
import { lexBlocks } from './lex.ts'
import { chunksOf, emptyMarkdown, growMarkdown, type SettledMarkdown } from './settled.ts'

const line = fc.constantFrom(
  '# A title',
  '#word',
  '#',
  'A sentence with `code`, **weight** and [1].',
  'and a line that goes on',
  '- one',
  '- [ ] to do',
  '-',
  '  more of it',
  '      code in it',
  '1. first',
  '2. second',
  '3',
  '* * *',
  '---',
  '===',
  '```ts',
  '```',
  '~~~',
  '    indented',
  '> quoted',
  '>',
  '> - one of them',
  '| a | b |',
  '| - | - |',
  '| 1 | 2 |',
  '<div>',
  '<script>alert(1)</script>',
  '<!-- unsaid',
  '-->',
  '<b>raw</b>',
  '[ref]: https://example.org/a',
  '[ref]: https://example.org/b "b"',
  '"a title of its own"',
  'see [ref] and [this][ref] and ![it][Ref]',
  '[other]: <https://example.org/c>',
  '[other]',
  '![x](https://example.org/x.png) <https://example.org>',
  'two  ',
  '*open **marks',
  '\t',
)
const end = fc.constantFrom('\n', '\n', '\n\n', '\n\n', '\n \n', '\r\n', '')
const text = fc.oneof(
  fc
    .array(fc.tuple(line, end), { maxLength: 14 })
    .map((lines) => lines.map(([written, ended]) => written + ended).join('')),
  fc.stringMatching(/^[-#*>`~|[\]():"'!<_ab1. \t\n\r]{0,60}$/),
)

function grown(all: string, cuts: readonly number[]): SettledMarkdown {
  const ends = cuts.map((cut) => cut % (all.length + 1)).sort((a, b) => a - b)
  const last = ends.reduce((state, cut) => growMarkdown(state, all.slice(0, cut), false), emptyMarkdown)
  return growMarkdown(last, all, true)
}

/** What blocks show: not where they end, nor again the text of which they hold the parts, nor what shows nothing. */
function said(tokens: readonly Token[]): unknown {
  return JSON.parse(
    JSON.stringify(tokens, (key, value: unknown) => {
      if (key === 'raw' && typeof value === 'string') return value.trimEnd()
      if (Array.isArray(value)) return (value as readonly unknown[]).filter((item) => !isUnseen(item))
      const isWhole = typeof value === 'object' && value !== null && 'tokens' in value
      return isWhole ? { ...value, text: undefined, raw: undefined } : value
    }),
  )
}

const isUnseen = (item: unknown): boolean => {
  const type = (item as Partial<Token> | null)?.type
  return type === 'space' || type === 'def'
}

const blocks = (state: SettledMarkdown): readonly Token[] => chunksOf(state).flatMap(({ tokens }) => tokens)

test('a text that grows piece by piece ends in the blocks of the whole text', () => {
  fc.assert(
    fc.property(text, fc.array(fc.nat(1_000), { maxLength: 40 }), (all, cuts) => {
      const whole = lexBlocks(all.replaceAll(/\r\n?/g, '\n'))?.tokens ?? []
      expect(said(blocks(grown(all, cuts)))).toEqual(said(whole))
    }),
    { numRuns: 3_000 },
  )
}, 60_000)

test('what is shown while a text grows is what its part so far says', () => {
  fc.assert(
    fc.property(text, fc.array(fc.nat(1_000), { maxLength: 10 }), (all, cuts) => {
      const ends = cuts.map((cut) => cut % (all.length + 1)).sort((a, b) => a - b)
      let state = emptyMarkdown
      for (const cut of ends) {
        const part = all.slice(0, cut)
        state = growMarkdown(state, part, false)
        // What refers to a definition is read anew once nothing can change it any more.
        if (/\]:/.test(part)) continue
        expect(said(blocks(state))).toEqual(said(lexBlocks(part.replaceAll(/\r\n?/g, '\n'))?.tokens ?? []))
      }
    }),
  )
})
