import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { QueryTerm } from './document.ts'
import { LibraryStore } from './library-store.ts'
import { proposalsOf } from './proposals.ts'
import { transact } from './schema.ts'
import { searchLibrary } from './search.ts'

function term(word: string, documents: number, alternatives: readonly string[] = []): QueryTerm {
  return { word, stem: word, alternatives, named: false, documents, weight: 1 }
}

describe('what proposes passages', () => {
  it('is any word of the query in a small library', () => {
    const terms = [term('cache', 90), term('tag', 20, ['label']), term('gone', 0)]
    expect(proposalsOf(terms, 475)).toEqual(['("cache" OR "tag" OR "label")'])
  })

  it('leaves the words of every other page out, unless little else is there', () => {
    expect(proposalsOf([term('page', 400), term('cache', 90), term('tag', 20)], 475)).toEqual([
      '("cache" OR "tag")',
    ])
    expect(proposalsOf([term('page', 400), term('tag', 20)], 475)).toEqual(['("page" OR "tag")'])
  })

  it('is all words together in a large library, then all but one, and at last any that is rare', () => {
    const terms = [term('cache', 900), term('tag', 20, ['label']), term('stale', 700)]
    expect(proposalsOf(terms, 10_000)).toEqual([
      '(("tag" OR "label") AND ("stale") AND ("cache"))',
      '((("tag" OR "label") AND (("stale") OR ("cache"))) OR (("stale") AND ("cache")))',
      '("tag" OR "label" OR "stale")',
    ])
  })

  it('is nothing for a query of nothing', () => {
    expect(proposalsOf([], 10)).toEqual([])
    expect(proposalsOf([], 10_000)).toEqual([])
  })
})

describe('a search of a large library', () => {
  let store: LibraryStore
  beforeAll(() => {
    store = new LibraryStore({ path: ':memory:', now: () => 0 })
    const add = (source: string, text: string) =>
      store.insert({ owner: null, source, mediaType: 'text/markdown', text }, null)
    transact(store.database, () => {
      for (let page = 0; page < 1_600; page += 1) {
        const about = ['compost', 'worms', 'roses'][page % 3] ?? ''
        add(
          `page-${String(page)}`,
          `# Page ${String(page)}\n\nThis page speaks of ${about} number ${String(page)}.`,
        )
      }
      add('both', '# Both\n\nWorms eat the leaves that roses drop, says page nobody.')
      add('rare', '# Quokka\n\nA quokka is a small animal.')
    })
  })
  afterAll(() => store.close())

  const found = (query: string) =>
    searchLibrary(store, { query, owners: [null] }).passages.map((passage) => passage.source)

  it('finds the passage that has the words together among hundreds that have one of them', () => {
    expect(found('worms and roses')[0]).toBe('both')
  })

  it('finds what has a rare word where nothing has them together', () => {
    expect(found('quokka compost')[0]).toBe('rare')
  })

  it('finds by words of every other page where there are no others', () => {
    expect(found('page speaks')).toHaveLength(12)
    expect(found('page number 77')[0]).toBe('page-77')
    expect(found('zyzzyva')).toEqual([])
  })
})
