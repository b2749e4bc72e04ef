import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { SearchOptions } from '../library/document.ts'
import { LibraryStore } from '../library/library-store.ts'
import { searchLibrary } from '../library/search.ts'
import { answerQuestion, type ReadableLibrary } from './answer-question.ts'
import { composeAnswer } from './compose-answer.ts'
import { declineAnswer } from './decline-answer.ts'
import { planQuestions } from './plan-questions.ts'
import { reviewAnswer } from './review-answer.ts'
import { writeAnswer } from './write-answer.ts'

const TEA = `# Brewing tea

Tea is a drink made from steeped leaves. It is served hot.

## Brewing green tea

This guide is long. To brew green tea, heat the water to eighty degrees:

1. Heat the water.
2. Steep the leaves.

\`\`\`bash
kettle --degrees 80
\`\`\`

## Storing

Keep leaves dry.
`
const COFFEE = '# Coffee\n\nBrewing coffee takes hotter water than green tea does.\n'
const KETTLE = '# Kettles\n\nA kettle heats water for brewing. Green kettles look nice.\n'

const store = new LibraryStore({ path: ':memory:', now: () => 0 })
const library: ReadableLibrary = {
  search: async (options: SearchOptions) => searchLibrary(store, options),
  getDocument: async (id, owners) => store.get(id, owners),
}
const OWNERS = ['ann']
const QUESTION = 'How do I brew green tea?'

beforeAll(() => {
  for (const [source, text] of Object.entries({ tea: TEA, coffee: COFFEE, kettle: KETTLE })) {
    store.add({ owner: 'ann', source, mediaType: 'text/markdown', text })
  }
})
afterAll(() => store.close())

function textsOf(): ReadonlyMap<string, string> {
  return new Map(store.list('ann').map(({ id }) => [id, store.get(id, OWNERS)?.text ?? '']))
}

describe('planQuestions', () => {
  it('asks the question itself first, then what its topic means and what other pages add', () => {
    const search = searchLibrary(store, { query: QUESTION, owners: OWNERS })
    const plan = planQuestions(QUESTION, search)
    expect(plan.map(({ facet, query }) => [facet, query])).toEqual([
      ['question', QUESTION],
      ['meaning', 'brew green tea'],
      ['section', 'brew green tea Coffee'],
    ])
    expect(planQuestions(QUESTION, search)).toEqual(plan)
  })

  it('asks for a use where the question asks what something is', () => {
    const plan = planQuestions(
      'What is tea?',
      searchLibrary(store, { query: 'What is tea?', owners: OWNERS }),
    )
    expect(plan[1]).toEqual({
      facet: 'use',
      question: 'How is “tea” used, and is there an example?',
      query: 'tea example',
    })
  })
})

describe('answerQuestion', () => {
  it('answers how with steps or a sample, each followed by its number', async () => {
    const { reviewed } = await answerQuestion(library, QUESTION, OWNERS)
    const markdown = reviewed?.answer.markdown ?? ''
    expect(markdown).toMatch(/^To brew green tea, heat the water to eighty degrees|^Brewing coffee|^.+ \[1\]/)
    expect(markdown).toMatch(/kettle --degrees 80\n```\n\n\[\d\]|Steep the leaves\.\n\n\[\d\]/)
    expect(markdown).toContain('Quoted from the library word for word.')
    expect(markdown).not.toContain('This guide is long')
  })

  it('leads with a definition where one is asked for', async () => {
    const { reviewed } = await answerQuestion(library, 'What is tea?', OWNERS)
    expect(reviewed?.answer.markdown).toMatch(/^Tea is a drink made from steeped leaves\./)
  })

  it('cites exactly what stands in the documents', async () => {
    const { reviewed } = await answerQuestion(library, QUESTION, OWNERS)
    const texts = textsOf()
    const citations = reviewed?.answer.citations ?? []
    expect(citations.map((citation) => citation.n)).toEqual(citations.map((_, index) => index + 1))
    expect(citations.length).toBeGreaterThan(1)
    for (const { documentId, start, end, quote } of citations) {
      expect(texts.get(documentId)?.slice(start, end)).toBe(quote)
    }
  })

  it('declines what the library does not hold and says what is missing', async () => {
    const question = 'How do I bake sourdough?'
    const { reviewed, grounds } = await answerQuestion(library, question, OWNERS)
    expect(reviewed).toBeUndefined()
    expect(grounds.missing).toEqual(['bake', 'sourdough'])
    const text = declineAnswer(grounds, searchLibrary(store, { query: question, owners: OWNERS }))
    expect(text).toBe(
      'The library does not hold an answer to this question, so none is given. No document mentions “bake”, “sourdough”.',
    )
  })

  it('declines a short question that a page merely mentions', async () => {
    expect((await answerQuestion(library, 'What is nice?', OWNERS)).reviewed).toBeUndefined()
  })

  it('declines everything in an empty library', async () => {
    expect((await answerQuestion(library, QUESTION, ['bob'])).grounds).toMatchObject({
      answerable: false,
      coverage: 0,
    })
  })
})

describe('composeAnswer', () => {
  it('changes when a researcher’s finding is missing, and is empty without any', () => {
    const finding = (query: string) => ({
      question: query,
      result: searchLibrary(store, { query, owners: OWNERS }),
    })
    const findings = [finding(QUESTION), finding('Kettles for green tea')]
    const all = composeAnswer({ question: QUESTION, findings })
    const fewer = composeAnswer({ question: QUESTION, findings: findings.slice(1) })
    expect(fewer.markdown).not.toBe(all.markdown)
    expect(composeAnswer({ question: QUESTION, findings: [] })).toEqual({
      markdown: '',
      citations: [],
      statements: [],
    })
  })
})

describe('reviewAnswer', () => {
  const results = () => [searchLibrary(store, { query: QUESTION, owners: OWNERS })]
  const composed = () => {
    const found = results()
    return composeAnswer({
      question: QUESTION,
      findings: found.map((result) => ({ question: QUESTION, result })),
    })
  }

  it('passes a true answer unchanged', () => {
    const answer = composed()
    const reviewed = reviewAnswer({ question: QUESTION, answer, results: results(), texts: textsOf() })
    expect(reviewed.answer).toEqual(answer)
    expect(reviewed).toMatchObject({ checked: answer.statements.length, dropped: 0 })
  })

  it('drops a statement whose quotation was changed, or moved by a character, and numbers the rest anew', () => {
    const statements = composed().statements
    for (const change of [
      { quote: `${statements[0]?.quote ?? ''}!` },
      { start: (statements[0]?.start ?? 0) + 1 },
    ]) {
      const forged = writeAnswer(
        statements.map((statement, index) => (index === 0 ? { ...statement, ...change } : statement)),
      )
      const reviewed = reviewAnswer({
        question: QUESTION,
        answer: forged,
        results: results(),
        texts: textsOf(),
      })
      expect(reviewed.reviews[0]?.verdict).toBe('not-in-source')
      expect(reviewed.dropped).toBe(1)
      expect(reviewed.answer.citations[0]?.n).toBe(1)
      expect(reviewed.answer.markdown).not.toContain(forged.statements[0]?.quote.slice(0, 30))
    }
  })

  it('drops what is true but beside the point', () => {
    const place = TEA.indexOf('Keep leaves dry.')
    const [tea] = store.list('ann').filter(({ source }) => source === 'tea')
    const aside = {
      kind: 'text',
      section: 'Storing',
      documentId: tea?.id ?? '',
      title: 'Storage',
      heading: '',
      start: place,
      end: place + 16,
      quote: 'Keep leaves dry.',
      blockAt: 0,
    } as const
    const answer = writeAnswer([...composed().statements, aside])
    const reviewed = reviewAnswer({ question: QUESTION, answer, results: results(), texts: textsOf() })
    expect(
      reviewed.reviews
        .filter((review) => review.verdict === 'off-topic')
        .map((review) => review.statement.quote),
    ).toEqual(['Keep leaves dry.'])
  })

  it('supports nothing when the documents are gone', () => {
    const reviewed = reviewAnswer({
      question: QUESTION,
      answer: composed(),
      results: results(),
      texts: new Map(),
    })
    expect(reviewed).toMatchObject({ supported: 0, answer: { markdown: '' } })
  })
})
