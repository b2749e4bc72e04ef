import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { LibraryFault } from './library-fault.ts'
import { LibraryStore } from './library-store.ts'
import { SCHEMA_VERSION } from './schema.ts'
import { searchLibrary } from './search.ts'

let directory: string
let path: string
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'throughline-library-'))
  path = join(directory, 'deep', 'library.db')
})
afterEach(() => rmSync(directory, { recursive: true, force: true }))

const NOTE = {
  owner: 'ann',
  source: 'notes/tea.md',
  mediaType: 'text/markdown',
  text: '# Tea\r\n\r\nSteep it.',
} as const

function open(): LibraryStore {
  return new LibraryStore({ path, now: () => 1_700_000_000_000 })
}

describe('LibraryStore', () => {
  it('keeps documents over a restart', () => {
    const first = open()
    const { id } = first.add(NOTE)
    first.close()
    const second = open()
    expect(second.get(id, ['ann'])).toEqual({
      id,
      owner: 'ann',
      source: 'notes/tea.md',
      title: 'Tea',
      mediaType: 'text/markdown',
      characters: 16,
      passages: 1,
      addedAt: 1_700_000_000_000,
      text: '# Tea\n\nSteep it.',
    })
    second.close()
  })

  it('recognises a text its owner has, and gives another owner a document of their own', () => {
    const store = open()
    const first = store.add(NOTE)
    expect(store.add({ ...NOTE, source: 'copy.md', text: '\uFEFF# Tea\n\nSteep it.' })).toEqual({
      ...first,
      added: false,
    })
    const other = store.add({ ...NOTE, owner: 'bob' })
    expect(other.added).toBe(true)
    expect(other.id).not.toBe(first.id)
    expect(store.list('ann')).toHaveLength(1)
    store.close()
  })

  it('names a document by its title, front matter, first heading or source, in this order', () => {
    const store = open()
    const title = (text: string, given?: string): string =>
      store.add({ ...NOTE, text, ...(given === undefined ? {} : { title: given }) }).title
    expect(title('# A\n\n1', 'Given')).toBe('Given')
    expect(title('---\ntitle: Front\n---\n\n# A\n\n2')).toBe('Front')
    expect(title('## Heading\n\n3')).toBe('Heading')
    expect(title('4')).toBe('tea.md')
    store.close()
  })

  it('leaves front matter out of the passages and inside the stored text', () => {
    const store = open()
    const { id } = store.add({ ...NOTE, text: '---\nsecretword: x\n---\n\nSteep it.' })
    expect(store.get(id, ['ann'])?.text).toContain('secretword')
    expect(searchLibrary(store, { query: 'secretword', owners: ['ann'] }).passages).toEqual([])
    store.close()
  })

  it('shows and removes a document to its owner alone', () => {
    const store = open()
    const { id } = store.add(NOTE)
    expect(store.get(id, [null, 'bob'])).toBeNull()
    expect(store.passage(id, { start: 0, end: 3 }, ['bob'])).toBeNull()
    expect(store.remove(id, 'bob')).toBe(false)
    expect(store.remove(id, null)).toBe(false)
    expect(store.remove(id, 'ann')).toBe(true)
    expect(store.remove(id, 'ann')).toBe(false)
    expect(searchLibrary(store, { query: 'steep', owners: ['ann'] }).passages).toEqual([])
    expect(store.add(NOTE).added).toBe(true)
    expect(searchLibrary(store, { query: 'steep', owners: ['ann'] }).passages).toHaveLength(1)
    store.close()
  })

  it('quotes a place exactly, with its section, and no place that is not there', () => {
    const store = open()
    const { id } = store.add({ ...NOTE, text: '# Tea\n\n## Green\n\nSteep 🍵 it.' })
    expect(store.passage(id, { start: 17, end: 25 }, ['ann'])).toMatchObject({
      heading: 'Green',
      text: 'Steep 🍵',
    })
    for (const [start, end] of [
      [5, 5],
      [6, 5],
      [-1, 4],
      [0, 999],
      [0.5, 3],
    ] as const) {
      expect(store.passage(id, { start, end }, ['ann'])).toBeNull()
    }
    store.close()
  })

  it.each([
    ['an empty text', { text: ' \n' }],
    ['a nameless owner', { owner: '' }],
    ['an endless source', { source: 'x'.repeat(1_025) }],
    ['an endless text', { text: 'x'.repeat(8_000_001) }],
  ])('refuses %s', (_, change) => {
    const store = open()
    expect(() => store.add({ ...NOTE, ...change })).toThrow(LibraryFault)
    expect(store.list('ann')).toEqual([])
    store.close()
  })

  it('refuses a file of a newer release and says what to do', () => {
    open().close()
    const database = new DatabaseSync(path)
    database.exec(`PRAGMA user_version = ${String(SCHEMA_VERSION + 1)}`)
    database.close()
    expect(open).toThrow(/has format 5, this release reads up to 4/)
  })

  it('refuses another application’s database and a file that is none, and leaves both as they are', () => {
    path = join(directory, 'other.db')
    const other = new DatabaseSync(path)
    other.exec('CREATE TABLE theirs (a)')
    other.close()
    expect(open).toThrow(/not a document library/)
    const again = new DatabaseSync(path)
    expect(again.prepare('SELECT name FROM sqlite_schema').all()).toHaveLength(1)
    again.close()
    path = join(directory, 'text.db')
    writeFileSync(
      path,
      'plain text, and long enough to be read as a header of something else altogether'.repeat(20),
    )
    expect(open).toThrow(/not a document library/)
  })

  it('undoes an addition that fails half way', () => {
    const store = open()
    store.database.exec(
      `CREATE TRIGGER full BEFORE INSERT ON passages BEGIN SELECT RAISE(ABORT, 'disk full'); END`,
    )
    expect(() => store.add(NOTE)).toThrow('disk full')
    expect(store.list('ann')).toEqual([])
    store.database.exec('DROP TRIGGER full')
    expect(store.add(NOTE).added).toBe(true)
    store.close()
  })
})
