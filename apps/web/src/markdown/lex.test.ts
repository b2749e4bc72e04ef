import { marked } from 'marked'
import { expect, test } from 'vitest'
import { lexBlocks } from './lex.ts'
import { chunksOf, emptyMarkdown, growMarkdown } from './settled.ts'

test.each([
  ['quotes', '> '.repeat(5_000) + 'deep'],
  ['lists', Array.from({ length: 400 }, (_, depth) => `${' '.repeat(depth * 2)}- x`).join('\n')],
  ['emphasis', '*'.repeat(5_000) + 'x' + '*'.repeat(5_000)],
  ['alternating emphasis', '*_'.repeat(2_000) + 'x' + '_*'.repeat(2_000)],
  ['brackets', '['.repeat(5_000) + 'x'],
  ['quotes in lists', '- > '.repeat(1_000) + 'x'],
])('%s nested without end are plain text', (_, text) => {
  const tokens = chunksOf(growMarkdown(emptyMarkdown, text, true)).flatMap((chunk) => chunk.tokens)
  expect(tokens.map(({ type }) => type)).toEqual(['paragraph'])
  expect(tokens[0]?.raw).toBe(text)
})

test.each([
  '# A title\n\n> quoted\n> > twice\n\n- one\n  - two\n    - three\n      - four\n',
  '**bold _and italic [link](http://example.org)_**',
  '```\n' + ' '.repeat(200) + 'far right\n```',
  '---\n\n*****\n\n| a | b |\n| - | - |\n| 1 | 2 |\n',
])('what people write is lexed as it is: %j', (text) => {
  expect(lexBlocks(text)?.tokens).toEqual([...marked.lexer(text)])
})
