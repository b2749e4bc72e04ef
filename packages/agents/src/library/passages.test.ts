import { describe, expect, it } from 'vitest'
import { passagesOf } from './passages.ts'

function read(text: string): readonly (readonly [path: string, text: string])[] {
  return passagesOf(text).map(
    ({ start, end, headings }) => [headings.join(' › '), text.slice(start, end)] as const,
  )
}

describe('passagesOf', () => {
  it('follows sections and gives each passage the path of its headings', () => {
    expect(read('intro\n\n# A\n\none\n\n## B `code`\n\ntwo\n\n# C\n\nthree')).toEqual([
      ['', 'intro'],
      ['A', 'one'],
      ['A › B code', 'two'],
      ['C', 'three'],
    ])
  })

  it('joins paragraphs of a section up to about 900 characters', () => {
    const paragraph = 'word '.repeat(50).trim()
    const lengths = passagesOf(Array.from({ length: 8 }, () => paragraph).join('\n\n')).map(
      ({ start, end }) => end - start,
    )
    expect(Math.max(...lengths)).toBeLessThanOrEqual(900)
    expect(Math.min(...lengths)).toBeGreaterThan(400)
  })

  it('keeps a sample with the sentence that introduces it', () => {
    const sample = `\`\`\`ts\n${'const a = 1\n'.repeat(60)}\`\`\``
    const text = `${'before '.repeat(100).trim()}\n\nFor example:\n\n${sample}`
    expect(read(text).at(-1)).toEqual(['', `For example:\n\n${sample}`])
  })

  it('takes the paragraph before a sample for its introduction, colon or not', () => {
    const sample = '```\ncode\n```'
    expect(read(`${'before '.repeat(125).trim()}\n\nIt looks so.\n\n${sample}`).at(-1)).toEqual([
      '',
      `It looks so.\n\n${sample}`,
    ])
  })

  it('splits a long list between its items', () => {
    const items = Array.from(
      { length: 40 },
      (_, index) => `- item ${String(index)} ${'word '.repeat(12).trim()}`,
    )
    for (const [, text] of read(items.join('\n'))) expect(text).toMatch(/^- item/)
  })
})
