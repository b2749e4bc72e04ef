import type { StatementSync } from 'node:sqlite'
import { numberColumn, textColumn, type Row } from './column.ts'
import type { QueryTerm, RankedPassage, SearchOptions, SearchResult } from './document.ts'
import { pageOf, type LibraryStore } from './library-store.ts'
import { proposalsOf } from './proposals.ts'
import { analyseQuery, type AnalysedTerm } from './query.ts'
import { diversify } from './diversify.ts'
import { rankPassages } from './rank.ts'
import { PASSAGE_BITS, PASSAGES_PER_DOCUMENT } from './schema.ts'

const DEFAULT_LIMIT = 12
const MAX_LIMIT = 100
/** Passages that are ranked; the index proposes these. */
const CANDIDATES = 60
const DOCUMENTS = 20
/** A word's weight is judged by what is said: every sample has an `export`, few pages speak of exporting. */
const OUTSIDE_CODE = '- code : '

const READABLE = '(SELECT key FROM temp.readable)'
const COUNT_MATCHES = `
  SELECT count(*) AS documents FROM document_index WHERE document_index MATCH ? AND +rowid IN ${READABLE}`
const MATCHING_DOCUMENTS = `
  SELECT documents.id FROM (
    SELECT rowid AS key, bm25(document_index, 8, 4, 3, 1, 0.3) AS distance FROM document_index
    WHERE document_index MATCH ? AND +rowid IN ${READABLE} ORDER BY distance LIMIT ?
  ) AS found JOIN documents USING (key) ORDER BY found.distance`
/** Texts are read only after the order is known: most words match thousands of passages. */
const MATCHING_PASSAGES = `
  SELECT documents.id AS documentId, documents.title, documents.source,
    found.id & ${String(PASSAGES_PER_DOCUMENT - 1)} AS ordinal, passages.heading, passages.start, passages."end", passages.text, passages.page
  FROM (
    SELECT rowid AS id, bm25(passage_index, 5, 3, 1, 0.4) AS distance FROM passage_index
    WHERE passage_index MATCH ? AND (rowid >> ${String(PASSAGE_BITS)}) IN ${READABLE} ORDER BY distance LIMIT ?
  ) AS found
  JOIN passages ON passages.id = found.id
  JOIN documents ON documents.key = passages.document
  ORDER BY found.distance`

/** Finds the passages that best answer `query` among the documents of `owners`. Any text is a valid query. */
export function searchLibrary(store: LibraryStore, options: SearchOptions): SearchResult {
  const query = analyseQuery(options.query)
  const total = store.readable(options.owners)
  const terms = query.terms.map((term) => weighted(store, term, total))
  const proposals = proposalsOf(terms, total)
  const documentRanks = new Map(
    matching(store.statement(MATCHING_DOCUMENTS), proposals, DOCUMENTS).map((row, rank) => [
      textColumn(row, 'id'),
      rank,
    ]),
  )
  const candidates = matching(store.statement(MATCHING_PASSAGES), proposals, CANDIDATES).map((row) =>
    candidate(row, documentRanks),
  )
  const limit = Math.min(MAX_LIMIT, Math.max(1, Math.trunc(options.limit ?? DEFAULT_LIMIT) || 1))
  const chosen = diversify(rankPassages({ ...query, terms }, candidates), limit)
  return { terms, passages: chosen.map(toPassage) }
}

/** The rows of the first expression that matches enough, else of the last. */
function matching(statement: StatementSync, expressions: readonly string[], enough: number): readonly Row[] {
  let rows: readonly Row[] = []
  for (const expression of expressions) {
    rows = statement.all(expression, enough)
    if (rows.length >= enough) break
  }
  return rows
}

function weighted(store: LibraryStore, term: AnalysedTerm, total: number): QueryTerm {
  const matching = (columns: string, words: readonly string[]): number => {
    const expression = words.map((word) => `${columns}"${word}"`).join(' OR ')
    return expression === '' ? 0 : count(store.statement(COUNT_MATCHES).get(expression))
  }
  const documents =
    matching(OUTSIDE_CODE, [term.word]) || matching('', [term.word]) || matching('', term.alternatives)
  return { ...term, documents, weight: Math.log(1 + (total - documents + 0.5) / (documents + 0.5)) }
}

function count(row: Row | undefined): number {
  return row ? numberColumn(row, 'documents') : 0
}

type Found = ReturnType<typeof candidate>

function candidate(row: Row, documentRanks: ReadonlyMap<string, number>) {
  const documentId = textColumn(row, 'documentId')
  return {
    documentId,
    title: textColumn(row, 'title'),
    source: textColumn(row, 'source'),
    heading: textColumn(row, 'heading'),
    ordinal: numberColumn(row, 'ordinal'),
    start: numberColumn(row, 'start'),
    end: numberColumn(row, 'end'),
    text: textColumn(row, 'text'),
    ...pageOf(row),
    documentRank: documentRanks.get(documentId),
  }
}

function toPassage(ranked: { candidate: Found; score: number; coverage: number }): RankedPassage {
  const { documentRank: _, ...passage } = ranked.candidate
  return { ...passage, score: ranked.score, coverage: ranked.coverage }
}
