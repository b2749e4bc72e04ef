import { describe, expect, it } from 'vitest'
import { parseFrontMatter } from './front-matter.ts'

describe('parseFrontMatter', () => {
  it('reads flat fields and passes nested ones over', () => {
    const text = '---\ntitle: "Use: this"\nrelated:\n  title: not this\nnav_title: Short\n---\n\nBody'
    const { fields, bodyStart } = parseFrontMatter(text)
    expect([...fields]).toEqual([
      ['title', 'Use: this'],
      ['nav_title', 'Short'],
    ])
    expect(text.slice(bodyStart)).toBe('\nBody')
  })

  it.each([['no front matter'], ['---\nnever closed'], ['text\n---\ntitle: x\n---\n']])(
    'takes %j as body',
    (text) => {
      expect(parseFrontMatter(text)).toEqual({ fields: new Map(), bodyStart: 0 })
    },
  )

  it('ends inside the text when nothing follows', () => {
    expect(parseFrontMatter('---\ntitle: x\n---').bodyStart).toBe(16)
  })
})
