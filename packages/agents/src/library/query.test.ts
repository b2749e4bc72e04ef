import { describe, expect, it } from 'vitest'
import { analyseQuery, matchExpression } from './query.ts'

describe('analyseQuery', () => {
  it('keeps what a question is about', () => {
    expect(
      analyseQuery('How do I stream a response from a route handler?').terms.map(({ word }) => word),
    ).toEqual(['stream', 'response', 'route', 'handler'])
  })

  it('keeps stop words when there is nothing else', () => {
    expect(analyseQuery('what is it').terms.map(({ word }) => word)).toEqual(['what', 'is', 'it'])
  })

  it('reads identifiers by their parts and adds synonyms of words and phrases', () => {
    const [identifier] = analyseQuery('useRouter').terms
    expect(identifier?.alternatives).toEqual(['use router'])
    expect(analyseQuery('query string').terms[0]?.alternatives).toContain('search params')
    expect(analyseQuery('custom 404').terms[1]?.alternatives).toContain('not found')
  })

  it('pairs words that stand together', () => {
    expect(analyseQuery('generate a sitemap').pairs).toEqual([['gener', 'sitemap']])
  })

  it('takes at most 24 terms of a text of any length', () => {
    const text = Array.from({ length: 500 }, (_, index) => `word${String(index)}`).join(' ')
    expect(analyseQuery(text).terms).toHaveLength(24)
  })
})

describe('matchExpression', () => {
  it('quotes every word, so that nothing typed is an operator', () => {
    expect(matchExpression(analyseQuery('title: "x* OR NEAR(secret').terms)).toMatch(
      /^"[\p{L}\p{N} ]+"( OR "[\p{L}\p{N} ]+")*$/u,
    )
  })

  it('is null when there is nothing to look for', () => {
    expect(matchExpression(analyseQuery('?! …').terms)).toBeNull()
  })
})
