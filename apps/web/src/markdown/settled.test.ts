import fc from 'fast-check'
import { marked } from 'marked'
import { expect, test } from 'vitest'
import { emptyMarkdown, growMarkdown } from './settled.ts'

const block = fc.constantFrom(
  '# A title\n\n',
  'A sentence with `code` and **weight** [1].\n\n',
  '- one\n- two\n\n  more of two\n',
  '1. first\n2. second\n\n',
  '```ts\nconst a = 1\n\nconst b = 2\n```\n\n',
  '> quoted\n> on\n\n',
  '| a | b |\n| - | - |\n| 1 | 2 |\n\n',
  '---\n\n',
)

test('a text that grows piece by piece ends in the blocks of the whole text', () => {
  fc.assert(
    fc.property(
      fc.array(block, { maxLength: 12 }),
      fc.array(fc.nat(400), { maxLength: 40 }),
      (blocks, cuts) => {
        const text = blocks.join('')
        const ends = [...cuts.filter((cut) => cut < text.length).sort((a, b) => a - b), text.length]
        const grown = ends.reduce(
          (state, end) => growMarkdown(state, text.slice(0, end), false),
          emptyMarkdown,
        )
        const shape = (tokens: readonly { type: string; raw: string }[]) =>
          tokens.filter((token) => token.type !== 'space').map((token) => `${token.type}:${token.raw.trim()}`)
        expect(shape([...grown.settled, ...grown.open])).toEqual(shape(marked.lexer(text)))
      },
    ),
  )
})

test('a settled block keeps its identity while the text grows', () => {
  const first = growMarkdown(emptyMarkdown, 'One.\n\nTwo', false)
  const second = growMarkdown(first, 'One.\n\nTwo and more', false)
  expect(second.settled[0]).toBe(first.settled[0])
  expect(first.settled).toHaveLength(2)
})

test('a text that was replaced is lexed anew', () => {
  const first = growMarkdown(emptyMarkdown, 'One.\n\nTwo', false)
  const second = growMarkdown(first, 'Other text', true)
  expect(second.settled.map((token) => token.raw)).toEqual(['Other text'])
})
