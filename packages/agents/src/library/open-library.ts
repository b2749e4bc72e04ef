import type {
  AddedDocument,
  Corpus,
  CorpusImport,
  CorpusProgress,
  DocumentInput,
  DocumentSummary,
  LibraryDocument,
  Owner,
  Passage,
  SearchOptions,
  SearchResult,
} from './document.ts'
import type { PassageAddress } from './library-calls.ts'
import { createLibraryThread } from './library-thread.ts'

export interface OpenLibraryOptions {
  /** The library's file; it and its folder are created when missing. */
  readonly path: string
  /** Requests that may wait at once; more are refused with `rate_limited`. Default 256. */
  readonly maxPending?: number
}

/**
 * Documents, split into passages and searchable, on a thread of their own. Every method rejects with a `StreamError`:
 * `invalid_request` for what the library refuses, `rate_limited` when too many requests wait, `stream_closed` after
 * {@link Library.dispose}, `server_error` for the rest.
 */
export interface Library {
  /** Adds a document; one that its owner already has is recognised by its text. */
  addDocument(input: DocumentInput): Promise<AddedDocument>
  /** Finds passages for any text a person may type. An aborted search rejects with the signal's reason. */
  search(options: SearchOptions, signal?: AbortSignal): Promise<SearchResult>
  /** The document with its stored text, or `null` when there is none that these owners may read. */
  getDocument(id: string, owners: readonly Owner[]): Promise<LibraryDocument | null>
  /** The exact text of a place in a document, or `null` when there is no such place for these owners. */
  getPassage(address: PassageAddress): Promise<Passage | null>
  /** The owner's documents, by title. */
  listDocuments(owner: Owner): Promise<readonly DocumentSummary[]>
  /** Removes the owner's document; `false` when there was none. */
  removeDocument(id: string, owner: Owner): Promise<boolean>
  /** Makes the library hold exactly the corpus' pages; other requests wait meanwhile. */
  importCorpus(corpus: Corpus, onProgress?: (progress: CorpusProgress) => void): Promise<CorpusImport>
  /** Finishes what waits, closes the file and ends the thread. May be called more than once. */
  dispose(): Promise<void>
}

/**
 * Opens the library at `path`, creating or migrating its file.
 * @throws StreamError `conflict` when the file is another application's or of a newer release.
 */
export async function openLibrary({ path, maxPending = 256 }: OpenLibraryOptions): Promise<Library> {
  const thread = createLibraryThread(path, maxPending)
  await thread.opened
  const { call } = thread
  return {
    addDocument: (input) => call('addDocument', input),
    search: (options, signal) => call('search', options, { signal }),
    getDocument: (id, owners) => call('getDocument', { id, owners }),
    getPassage: (address) => call('getPassage', address),
    listDocuments: (owner) => call('listDocuments', { owner }),
    removeDocument: (id, owner) => call('removeDocument', { id, owner }),
    importCorpus: (corpus, onProgress) => call('importCorpus', corpus, { onProgress }),
    dispose: () => thread.dispose(),
  }
}
