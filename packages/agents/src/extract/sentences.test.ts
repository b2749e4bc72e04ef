import { describe, expect, it } from 'vitest'
import { sentencesOf } from './sentences.ts'

function read(text: string): readonly (readonly [kind: string, text: string])[] {
  return sentencesOf({ start: 0, text }).map((unit) => [unit.kind, unit.text] as const)
}

describe('sentencesOf', () => {
  it('ends sentences where a reader would', () => {
    expect(
      read(
        'Use Next.js e.g. version 16. See `a. B` or [a. B](https://x.example/a. b). Done? Yes! **Bold.** End',
      ),
    ).toEqual([
      ['sentence', 'Use Next.js e.g. version 16.'],
      ['sentence', 'See `a. B` or [a. B](https://x.example/a. b).'],
      ['sentence', 'Done?'],
      ['sentence', 'Yes!'],
      ['sentence', '**Bold.**'],
      ['sentence', 'End'],
    ])
  })

  it('splits scripts that put no space after a full stop', () => {
    expect(read('缓存。布局！').map(([, text]) => text)).toEqual(['缓存。', '布局！'])
  })

  it('takes fences and tables as one unit, also inside lists', () => {
    expect(
      read(
        'Run it:\n\n```bash\nnpm i. Now\n```\n\n| a | b |\n| - | - |\n| 1. X | 2 |\n\n1. Then:\n\n   ```ts\n   x\n   ```\n',
      ),
    ).toEqual([
      ['sentence', 'Run it:'],
      ['code', '```bash\nnpm i. Now\n```'],
      ['table', '| a | b |\n| - | - |\n| 1. X | 2 |'],
      ['item', 'Then:'],
      ['code', '   ```ts\n   x\n   ```'],
    ])
  })

  it('leaves list markers and quote marks outside', () => {
    expect(
      read('- [ ] one\n  goes on\n- two\n\n> **Good to know**: a note\n> over lines.\n>\n> - inside'),
    ).toEqual([
      ['item', 'one\n  goes on'],
      ['item', 'two'],
      ['sentence', '**Good to know**: a note\n> over lines.'],
      ['item', 'inside'],
    ])
  })

  it('counts from where the passage stands in its document', () => {
    expect(sentencesOf({ start: 100, text: 'One. Two.' }).map(({ start, end }) => [start, end])).toEqual([
      [100, 104],
      [105, 109],
    ])
  })
})
