import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { numberColumn, textColumn } from './column.ts'
import type { Corpus, CorpusImport, CorpusProgress } from './document.ts'
import { parseFrontMatter } from './front-matter.ts'
import type { LibraryStore } from './library-store.ts'
import { readablePage, type Router } from './mdx.ts'
import { normaliseText } from './normalise.ts'
import { transact } from './schema.ts'

/** Raised when pages are prepared, split or indexed differently, so that a corpus is then indexed anew. */
const INDEX_VERSION = 1

/**
 * Brings the library to hold exactly the pages of `corpus`, in one transaction: readers see the old pages or the new.
 * Nothing is written when version and contents are those already held.
 */
export function importCorpus(
  store: LibraryStore,
  corpus: Corpus,
  onProgress: (progress: CorpusProgress) => void,
): CorpusImport {
  const pages = readPages(corpus.directory)
  const fingerprint = fingerprintOf(corpus, pages)
  const held = store
    .statement('SELECT fingerprint, documents, passages FROM corpora WHERE name = ?')
    .get(corpus.name)
  if (held && textColumn(held, 'fingerprint') === fingerprint) {
    return {
      status: 'unchanged',
      documents: numberColumn(held, 'documents'),
      passages: numberColumn(held, 'passages'),
    }
  }
  return transact(store.database, () => {
    eraseCorpus(store, corpus.name)
    let documents = 0
    let passages = 0
    for (const [path] of pages) {
      const { title, text } = pageOf(pages, path)
      const source = `${corpus.sourcePrefix}${path}`
      const input = { owner: null, source, title, mediaType: 'text/markdown', text } as const
      const added = store.insert(input, corpus.name)
      if (added.added) passages += added.passages
      documents += added.added ? 1 : 0
      onProgress({ indexed: documents, total: pages.size })
    }
    store
      .statement('INSERT INTO corpora (name, fingerprint, documents, passages) VALUES (?, ?, ?, ?)')
      .run(corpus.name, fingerprint, documents, passages)
    return { status: 'indexed', documents, passages }
  })
}

/** A page of the Pages Router that names a `source` is that page of the App Router, seen by its own reader. */
function pageOf(pages: ReadonlyMap<string, string>, path: string): { title: string; text: string } {
  const source = pages.get(path) ?? ''
  const router: Router = path.includes('02-pages/') ? 'pages' : 'app'
  const shared = parseFrontMatter(source).fields.get('source')
  const body = shared === undefined ? undefined : findShared(pages, shared)
  return readablePage(source, body ?? source, router)
}

/** Files carry an ordering number in each part of their path; references to them do not. */
function findShared(pages: ReadonlyMap<string, string>, reference: string): string | undefined {
  for (const [path, text] of pages) {
    const plain = path.replace(/(^|\/)\d+-/g, '$1').replace(/(?:\/index)?\.md$/, '')
    if (plain === reference) return text
  }
  return undefined
}

function readPages(directory: string): ReadonlyMap<string, string> {
  const paths = readdirSync(directory, { recursive: true, encoding: 'utf8' })
    .map((path) => path.replaceAll('\\', '/'))
    .filter((path) => /\.mdx?$/.test(path))
    .sort()
  return new Map(paths.map((path) => [path, normaliseText(readFileSync(join(directory, path), 'utf8'))]))
}

function fingerprintOf(corpus: Corpus, pages: ReadonlyMap<string, string>): string {
  const hash = createHash('sha256').update(
    JSON.stringify([INDEX_VERSION, corpus.version, corpus.sourcePrefix]),
  )
  for (const [path, text] of pages) hash.update(JSON.stringify([path, text]))
  return hash.digest('hex')
}

function eraseCorpus(store: LibraryStore, name: string): void {
  const rows = store.statement('SELECT key FROM documents WHERE corpus = ?').all(name)
  for (const row of rows) store.erase(numberColumn(row, 'key'))
  store.statement('DELETE FROM corpora WHERE name = ?').run(name)
}
