import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { findNextDocs } from '../library/corpus.ts'
import { DEVELOPMENT_QUESTIONS } from '../library/development-questions.ts'
import { openLibrary, type Library } from '../library/open-library.ts'
import { proseAndCode } from '../library/prose-and-code.ts'
import { GRADED_QUESTIONS } from '../library/questions.ts'
import { evaluate, type QuestionOutcome } from './evaluate.ts'

let directory: string
let library: Library
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'throughline-evaluate-'))
  library = await openLibrary({ path: join(directory, 'library.db') })
  const corpus = findNextDocs(new URL('../../../../apps/web/package.json', import.meta.url))
  if (!corpus) throw new Error('The `next` package is not installed')
  await library.importCorpus(corpus)
}, 60_000)
afterAll(async () => {
  await library.dispose()
  await rm(directory, { recursive: true, force: true })
})

function right(outcomes: readonly QuestionOutcome[]): number {
  return outcomes.filter((outcome) => outcome.right).length
}

describe('the shipped documentation', () => {
  it('is indexed whole, readable and without components', async () => {
    const documents = await library.listDocuments(null)
    expect(documents).toHaveLength(475)
    const unreadable: string[] = []
    for (const { id, source } of documents) {
      const text = (await library.getDocument(id, [null]))?.text ?? ''
      const prose = proseAndCode(text).prose.replace(/`[^`\n]*`/g, '')
      if (prose.trim() === '' || /<\/?(?:AppOnly|PagesOnly|Image|FixCard)|DO NOT EDIT/.test(prose))
        unreadable.push(source)
    }
    expect(unreadable).toEqual([])
  })

  it('answers at least 16 of the 20 graded questions from a right page and declines at least 9 of 10', async () => {
    const figures = await evaluate(library, GRADED_QUESTIONS)
    expect(figures.answerable).toHaveLength(20)
    expect(figures.unanswerable).toHaveLength(10)
    expect(right(figures.answerable)).toBeGreaterThanOrEqual(16)
    expect(right(figures.unanswerable)).toBeGreaterThanOrEqual(9)
    expect(figures.misquoted).toBe(0)
    expect(figures.dropped).toBeGreaterThan(0)
  })

  it('does as well on the development questions', async () => {
    const figures = await evaluate(library, DEVELOPMENT_QUESTIONS)
    expect(right(figures.answerable)).toBeGreaterThanOrEqual(16)
    expect(right(figures.unanswerable)).toBeGreaterThanOrEqual(11)
  })
})
