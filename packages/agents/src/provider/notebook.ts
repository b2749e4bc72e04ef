import type { IndexedPassage, QueryTerm, RankedPassage, SearchResult } from '../library/document.ts'

/** What was found for one line of inquiry, under labels that a model can name: `d2:14` is a passage of document `d2`. */
export interface Notebook {
  /** Takes note of what a search found; gives the labels of its passages. */
  addResult(result: SearchResult): readonly LabelledPassage[]
  /** Takes note of passages that were read in their document. */
  addPassages(passages: readonly IndexedPassage[]): readonly LabelledPassage[]
  /** The id of the document under a label; `undefined` for a label that was never given out. */
  documentOf(label: string): string | undefined
  /**
   * Everything found as one result, to the terms of the first search: the `chosen` labels first, then what the first
   * search found, then the rest.
   */
  result(chosen: readonly string[]): SearchResult
}

export interface LabelledPassage {
  readonly label: string
  readonly passage: IndexedPassage
}

/** Passages that one line of inquiry hands over. */
const MAX_PASSAGES = 24

/** Opens a notebook. Everything put into it is what the library gave, so what comes out can be cited. */
export function createNotebook(): Notebook {
  const documents = new Map<string, string>()
  const passages = new Map<string, RankedPassage>()
  let terms: readonly QueryTerm[] | undefined
  const labelOf = ({ documentId, ordinal }: IndexedPassage): string => {
    const label = documents.get(documentId) ?? `d${String(documents.size + 1)}`
    documents.set(documentId, label)
    return `${label}:${String(ordinal)}`
  }
  const note = (passage: RankedPassage): LabelledPassage => {
    const label = labelOf(passage)
    if (!passages.has(label)) passages.set(label, passage)
    return { label, passage }
  }
  return {
    addResult(result) {
      terms ??= result.terms
      return result.passages.map(note)
    },
    addPassages: (read) => read.map((passage) => note({ ...passage, score: 0, coverage: 0 })),
    documentOf: (label) => [...documents].find(([, given]) => given === label)?.[0],
    result(chosen) {
      const first = chosen.flatMap((label) => passages.get(label) ?? [])
      const ordered = new Set([...first, ...passages.values()])
      return { terms: terms ?? [], passages: [...ordered].slice(0, MAX_PASSAGES) }
    },
  }
}
