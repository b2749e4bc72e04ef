import { describe, expect, it } from 'vitest'
import { blocksOf } from './blocks.ts'

function read(text: string): readonly (readonly [kind: string, text: string])[] {
  return blocksOf(text).map((block) => [block.kind, text.slice(block.start, block.end)] as const)
}

describe('blocksOf', () => {
  it('tells headings, paragraphs, fences, tables, quotes and rules apart', () => {
    const text =
      '# One\nA para\nof two lines\n\n```ts\nconst a = 1\n\n# not a heading\n```\n\n| a | b |\n| - | - |\n| 1 | 2 |\n\n> quoted\n> more\n\n---\nend'
    expect(read(text)).toEqual([
      ['heading', '# One'],
      ['paragraph', 'A para\nof two lines'],
      ['code', '```ts\nconst a = 1\n\n# not a heading\n```'],
      ['table', '| a | b |\n| - | - |\n| 1 | 2 |'],
      ['quote', '> quoted\n> more'],
      ['rule', '---'],
      ['paragraph', 'end'],
    ])
  })

  it('keeps a list with what is nested in it, over blank lines and fences', () => {
    const list = '1. First:\n\n   ```bash\n   run\n\nit\n   ```\n\n2. Second\n   - nested'
    expect(read(`${list}\n\nAfter`)).toEqual([
      ['list', list],
      ['paragraph', 'After'],
    ])
  })

  it('reads underlined headings and closing hashes', () => {
    const blocks = blocksOf('Title\n=====\n\n## Two ##\n')
    expect(blocks.map(({ kind, level, title }) => ({ kind, level, title }))).toEqual([
      { kind: 'heading', level: 1, title: 'Title' },
      { kind: 'heading', level: 2, title: 'Two' },
    ])
  })

  it('takes a fence that never closes to the end', () => {
    expect(read('```\na\n\nb')).toEqual([['code', '```\na\n\nb']])
  })
})
