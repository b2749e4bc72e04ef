import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { findNextDocs } from '../library/corpus.ts'
import { GRADED_QUESTIONS } from '../library/questions.ts'
import { createMemoryRun, type MemoryRun } from '../testing/memory-run.ts'
import { openTemporaryLibrary, type TemporaryLibrary } from '../testing/temporary-library.ts'
import type { AgentRole } from './desk.ts'
import { createResearchTeam } from './research-team.ts'

/** A right page must be among the sources of this many citations, as the library's own evaluation has it. */
const FIRST_CITATIONS = 3

let corpus: TemporaryLibrary
beforeAll(async () => {
  corpus = await openTemporaryLibrary()
  const docs = findNextDocs(new URL('../../../../apps/web/package.json', import.meta.url))
  if (docs === null) throw new Error('The corpus is missing: run npm install.')
  await corpus.library.importCorpus(docs)
}, 60_000)
afterAll(() => corpus.close())

async function answered(question: string, without: readonly AgentRole[] = []): Promise<MemoryRun> {
  const memory = createMemoryRun({ question })
  const team = createResearchTeam({ library: corpus.library, without })
  await team.run({ run: memory.run, signal: memory.run.writer.signal })
  return memory
}

async function sourcesOf(memory: MemoryRun): Promise<readonly string[]> {
  const cited = memory.answer().citations.slice(0, FIRST_CITATIONS)
  const documents = await Promise.all(
    cited.map(({ documentId }) => corpus.library.getDocument(documentId, [null])),
  )
  return documents.map((document) => document?.source ?? '')
}

describe('the built-in team on the whole corpus', () => {
  it('answers from a right page, with exact quotations', { timeout: 60_000 }, async () => {
    let right = 0
    for (const { question, pages } of GRADED_QUESTIONS.answerable) {
      const memory = await answered(question)
      const sources = await sourcesOf(memory)
      if (sources.some((source) => pages.some((page) => source.endsWith(page)))) right += 1
      for (const { documentId, start, end, quote } of memory.answer().citations) {
        const document = await corpus.library.getDocument(documentId, [null])
        expect(document?.text.slice(start, end)).toBe(quote)
      }
      expect(memory.answer().integrity).toBe('complete')
    }
    expect(right).toBeGreaterThanOrEqual(GRADED_QUESTIONS.answerable.length - 2)
  })

  it('declines what the corpus does not hold, citing nothing', { timeout: 60_000 }, async () => {
    for (const question of GRADED_QUESTIONS.unanswerable) {
      const { content, citations } = (await answered(question)).answer()
      expect([question, content.includes('does not hold an answer'), citations]).toEqual([question, true, []])
    }
  })

  it.each(['planner', 'researcher', 'writer'] as const)('answers otherwise without its %s', async (role) => {
    const question = GRADED_QUESTIONS.answerable[0]?.question ?? ''
    const [whole, without] = [await answered(question), await answered(question, [role])]
    expect(without.answer().content).not.toBe(whole.answer().content)
  })

  it('lets through without its reviewer what its reviewer drops', { timeout: 60_000 }, async () => {
    const dropped = async (question: string): Promise<boolean> => {
      const [whole, without] = [await answered(question), await answered(question, ['reviewer'])]
      return without.answer().content !== whole.answer().content
    }
    const questions = GRADED_QUESTIONS.answerable.map(({ question }) => question)
    let differing = 0
    for (const question of questions) if (await dropped(question)) differing += 1
    expect(differing).toBeGreaterThan(0)
    expect(differing).toBeLessThan(questions.length)
  })
})
