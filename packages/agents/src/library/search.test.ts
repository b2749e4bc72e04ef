import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { LibraryStore } from './library-store.ts'
import { searchLibrary } from './search.ts'

let store: LibraryStore
beforeEach(() => {
  store = new LibraryStore({ path: ':memory:', now: () => 0 })
})
afterEach(() => store.close())

function add(owner: string | null, source: string, text: string): string {
  return store.add({ owner, source, mediaType: 'text/markdown', text }).id
}

function found(query: string, owners: readonly (string | null)[] = [null]): readonly string[] {
  return searchLibrary(store, { query, owners }).passages.map((passage) => passage.source)
}

describe('searchLibrary', () => {
  it('finds other forms of a word, parts of identifiers and synonyms', () => {
    add(null, 'a', '# Paths\n\nCall `generateStaticParams` once.')
    add(null, 'b', '# Languages\n\nInternationalization of routes.')
    expect(found('generating static param')).toEqual(['a'])
    expect(searchLibrary(store, { query: 'static params', owners: [null] }).passages[0]?.coverage).toBe(1)
    expect(found('generateStaticParams')[0]).toBe('a')
    expect(found('translate')).toEqual(['b'])
  })

  it('puts a page that is about it before one that mentions it', () => {
    add(null, 'mention', '# Deploying\n\nA cookie banner may be needed, and cookies cost space.')
    add(null, 'about', '# Cookies\n\nRead one with `cookies()`.')
    add(null, 'other', '# Fonts\n\nNothing here.')
    expect(found('cookies')).toEqual(['about', 'mention'])
  })

  it('puts what is said before what a sample happens to contain', () => {
    add(null, 'code', '# One\n\n```js\nexport default plain\nexport const html\n```')
    add(null, 'prose', '# Two\n\nYou can export plain HTML.')
    expect(found('export plain html')[0]).toBe('prose')
  })

  it('prefers the passage that says what something is when that is asked', () => {
    add(null, 'use', '# Nesting\n\nPut one layout inside another layout.')
    add(null, 'definition', '# Shell\n\nA layout is UI shared between pages.')
    expect(found('What is a layout?')[0]).toBe('definition')
    expect(found('layout')[0]).toBe('use')
  })

  it('gives passages of several pages before the third of one', () => {
    const section = (name: string): string =>
      `## Caching ${name}\n\nCaching ${name} keeps responses in the cache.`
    add(null, 'long', `# Caching\n\n${['one', 'two', 'three', 'four'].map(section).join('\n\n')}`)
    add(null, 'short', '# Pages\n\nCaching keeps responses in a cache near the reader.')
    expect(found('caching responses').slice(0, 4)).toContain('short')
  })

  it('gives a passage that stands in two documents once', () => {
    add(null, 'app', '# Fonts (App)\n\nThe font module loads fonts.')
    add(null, 'pages', '# Fonts (Pages)\n\nThe font module loads fonts.')
    expect(found('font module')).toHaveLength(1)
  })

  it('searches the owners asked for and no others, and weighs words by what they may read', () => {
    add('ann', 'hers', 'The zeppelin landed.')
    add('bob', 'his', 'Another zeppelin rose.')
    expect(found('zeppelin', ['ann'])).toEqual(['hers'])
    expect(found('zeppelin', [null, 'bob'])).toEqual(['his'])
    expect(found('zeppelin', [null])).toEqual([])
    expect(searchLibrary(store, { query: 'zeppelin', owners: [null] }).terms[0]?.documents).toBe(0)
    expect(found('zeppelin', [])).toEqual([])
  })

  it('keeps to the limit, and to its bounds for odd ones', () => {
    for (let index = 0; index < 5; index += 1)
      add(null, String(index), `Page ${String(index)} about caching.`)
    const count = (limit: number): number =>
      searchLibrary(store, { query: 'caching', owners: [null], limit }).passages.length
    expect([count(2), count(0), count(Number.NaN), count(1e9)]).toEqual([2, 1, 1, 5])
  })
})
