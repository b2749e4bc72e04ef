import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Corpus, CorpusProgress } from './document.ts'
import { importCorpus } from './import-corpus.ts'
import { LibraryStore } from './library-store.ts'
import { searchLibrary } from './search.ts'

let directory: string
let store: LibraryStore
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'throughline-corpus-'))
  store = new LibraryStore({ path: ':memory:', now: () => 0 })
  page(
    '01-app/01-guides/caching.md',
    '---\ntitle: Caching\n---\n\nShared.\n\n<PagesOnly>\n\nOld way.\n\n</PagesOnly>\n',
  )
  page(
    '02-pages/02-guides/caching.md',
    '---\ntitle: Caching\nsource: app/guides/caching\n---\n\n{/* DO NOT EDIT */}\n',
  )
  page('notes.txt', 'not a page')
})
afterEach(() => {
  store.close()
  rmSync(directory, { recursive: true, force: true })
})

function page(path: string, text: string): void {
  mkdirSync(join(directory, path, '..'), { recursive: true })
  writeFileSync(join(directory, path), text)
}

function run(change: Partial<Corpus> = {}): {
  outcome: ReturnType<typeof importCorpus>
  progress: readonly CorpusProgress[]
} {
  const progress: CorpusProgress[] = []
  const corpus: Corpus = { name: 'docs', version: '1', directory, sourcePrefix: 'docs/', ...change }
  return { outcome: importCorpus(store, corpus, (step) => progress.push(step)), progress }
}

describe('importCorpus', () => {
  it('indexes every page for everyone and tells how far it is', () => {
    const { outcome, progress } = run()
    expect(outcome).toEqual({ status: 'indexed', documents: 2, passages: 2 })
    expect(progress).toEqual([
      { indexed: 1, total: 2 },
      { indexed: 2, total: 2 },
    ])
    expect(store.list(null).map(({ source, title }) => [source, title])).toEqual([
      ['docs/01-app/01-guides/caching.md', 'Caching'],
      ['docs/02-pages/02-guides/caching.md', 'Caching (Pages Router)'],
    ])
  })

  it('gives a page that names its source that page, for its own reader', () => {
    run()
    const [hit] = searchLibrary(store, { query: 'old way', owners: [null] }).passages
    expect(hit).toMatchObject({ source: 'docs/02-pages/02-guides/caching.md', text: 'Shared.\n\nOld way.' })
  })

  it('does nothing the second time', () => {
    run()
    const { outcome, progress } = run()
    expect(outcome).toEqual({ status: 'unchanged', documents: 2, passages: 2 })
    expect(progress).toEqual([])
  })

  it('replaces its pages, and only its own, when one or the version changed', () => {
    store.add({ owner: 'ann', source: 'mine.md', mediaType: 'text/markdown', text: 'Mine.' })
    run()
    page('01-app/01-guides/caching.md', '---\ntitle: Caching\n---\n\nNew words.\n')
    expect(run().outcome.status).toBe('indexed')
    expect(run({ version: '2' }).outcome.status).toBe('indexed')
    expect(store.list(null)).toHaveLength(2)
    expect(store.list('ann')).toHaveLength(1)
    expect(searchLibrary(store, { query: 'shared', owners: [null] }).passages).toEqual([])
  })

  it('leaves the pages it had when it fails', () => {
    run()
    const broken = { name: 'docs', version: '2', directory, sourcePrefix: 'docs/' }
    const fail = (): void => {
      throw new Error('stop')
    }
    expect(() => importCorpus(store, broken, fail)).toThrow('stop')
    expect(searchLibrary(store, { query: 'shared', owners: [null] }).passages).toHaveLength(2)
  })
})
