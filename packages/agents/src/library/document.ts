/** Whose document it is: a user's id, or `null` for the bundled corpus that everyone may read. */
export type Owner = string | null

/** What is handed to the library to be indexed. */
export interface DocumentInput {
  /** Default: made of owner and text. */
  readonly id?: string
  readonly owner: Owner
  /** Where it came from, shown to the reader: a file name, a path, an address. At most 1,024 characters. */
  readonly source: string
  /** Default: the front matter's `title`, else the first heading, else the last part of `source`. */
  readonly title?: string
  readonly mediaType: 'text/markdown'
  readonly text: string
  /** Where each page begins in `text`, for documents that have pages. No passage crosses one. */
  readonly pageStarts?: readonly number[]
}

/** The outcome of adding: `added` is false when the owner already had a document with this very text. */
export interface AddedDocument {
  readonly id: string
  readonly title: string
  readonly passages: number
  readonly added: boolean
}

/** One row of a listing. */
export interface DocumentSummary {
  readonly id: string
  readonly owner: Owner
  readonly source: string
  readonly title: string
  readonly mediaType: 'text/markdown'
  /** Length of the stored text, in UTF-16 code units. */
  readonly characters: number
  readonly passages: number
  /** Epoch milliseconds. */
  readonly addedAt: number
}

/** A document with its stored text: the text every offset of a passage or citation refers to. */
export interface LibraryDocument extends DocumentSummary {
  readonly text: string
}

/** A part of a document: `text` is exactly `document.text.slice(start, end)`, in UTF-16 code units. */
export interface Passage {
  readonly documentId: string
  readonly title: string
  readonly source: string
  /** Titles of the sections it stands in below the document's title, outermost first, joined by ` › `. */
  readonly heading: string
  readonly start: number
  readonly end: number
  readonly text: string
  /** The page it stands on, from 1; absent for what has no pages. */
  readonly page?: number
}

/** A passage as the library cut it. */
export interface IndexedPassage extends Passage {
  /** Its place among the passages of its document, from 0. */
  readonly ordinal: number
}

/** A document's passages in their order, from `after` on. */
export interface PassagePage {
  readonly passages: readonly IndexedPassage[]
  readonly total: number
}

/** A passage that a search found. Scores compare within one result only. */
export interface RankedPassage extends IndexedPassage {
  readonly score: number
  /** Share of the query's information, 0 to 1, found in the passage with its title and headings. */
  readonly coverage: number
}

/** One informative word of a query, as the library understood it. */
export interface QueryTerm {
  readonly word: string
  readonly stem: string
  /** Words or phrases accepted in its place: an identifier's parts, synonyms. */
  readonly alternatives: readonly string[]
  /** Written as a name in the query. */
  readonly named: boolean
  /** Readable documents that contain the word or, if none does, an alternative. */
  readonly documents: number
  /** Inverse document frequency: the rarer the word, the more it says. */
  readonly weight: number
}

/** What a search gives: the passages, best first, and the terms they were ranked by. */
export interface SearchResult {
  readonly terms: readonly QueryTerm[]
  readonly passages: readonly RankedPassage[]
}

export interface SearchOptions {
  /** Any text a person may type. The first 2,000 characters count. */
  readonly query: string
  /** Whose documents to search. */
  readonly owners: readonly Owner[]
  /** Default 12, at most 100. */
  readonly limit?: number
}

/** A folder of Markdown that belongs to the library itself rather than to a user. */
export interface Corpus {
  readonly name: string
  readonly version: string
  /** Absolute path of the folder. */
  readonly directory: string
  /** Put before each page's path inside the folder to give its `source`. */
  readonly sourcePrefix: string
}

export interface CorpusProgress {
  readonly indexed: number
  readonly total: number
}

/** The outcome of an import; `unchanged` means the library already held exactly these pages. */
export interface CorpusImport {
  readonly status: 'indexed' | 'unchanged'
  readonly documents: number
  readonly passages: number
}
