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
  PassagePage,
  SearchOptions,
  SearchResult,
} from './document.ts'
import type { Agreed, FileAgreement } from './file-agreement.ts'
import type { PassageAddress, PassageList } from './library-calls.ts'
import type {
  FileFaultCode,
  FileInput,
  FilePage,
  FileQuery,
  FileText,
  LibraryFile,
  SharedHoldings,
} from './library-file.ts'
import { createLibraryThread } from './library-thread.ts'

export interface OpenLibraryOptions {
  /** The library's file; it and its folder are created when missing. */
  readonly path: string
  /** Requests that may wait at once; more are refused with `rate_limited`. Default 256. */
  readonly maxPending?: number
}

/** The files of a library and their queue, as {@link FileStore} has them. */
export interface LibraryFiles {
  add(file: FileInput): Promise<{ readonly file: LibraryFile; readonly added: boolean }>
  get(id: string, owners: readonly Owner[]): Promise<LibraryFile | null>
  list(query: FileQuery): Promise<FilePage>
  waiting(owner: Owner): Promise<number>
  /** Puts back what a former process was reading when it ended. */
  requeue(): Promise<null>
  take(): Promise<LibraryFile | null>
  progress(id: string, progress: number): Promise<null>
  index(text: FileText): Promise<boolean>
  fail(id: string, error: { readonly code: FileFaultCode; readonly message: string }): Promise<null>
  cancel(id: string, owner: Owner): Promise<boolean>
  remove(id: string, owner: Owner): Promise<boolean>
  find(owner: Owner, content: string): Promise<LibraryFile | null>
  give(from: string, to: string): Promise<readonly string[]>
  removeAll(owner: string): Promise<null>
  shared(): Promise<SharedHoldings>
  /** Makes these files what all nodes agreed on, as {@link FileAgreements} has it. */
  agree(agreement: FileAgreement): Promise<Agreed>
  place(): Promise<string | null>
}

/**
 * Documents, split into passages and searchable. One thread reads and another writes, so that nobody who searches
 * waits for what is being indexed. Every method rejects with a `StreamError`:
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
  /** A document's passages in their order, or `null` when there is none that these owners may read. */
  listPassages(list: PassageList): Promise<PassagePage | null>
  /** Removes the owner's document; `false` when there was none. */
  removeDocument(id: string, owner: Owner): Promise<boolean>
  /** Makes the library hold exactly the corpus' pages; readers see the old ones meanwhile. */
  importCorpus(corpus: Corpus, onProgress?: (progress: CorpusProgress) => void): Promise<CorpusImport>
  readonly files: LibraryFiles
  /** Finishes what waits, closes the file and ends the thread. May be called more than once. */
  dispose(): Promise<void>
}

/**
 * Opens the library at `path`, creating or migrating its file.
 * @throws StreamError `conflict` when the file is another application's or of a newer release.
 */
export async function openLibrary({ path, maxPending = 256 }: OpenLibraryOptions): Promise<Library> {
  const writer = createLibraryThread(path, maxPending)
  await writer.opened
  const reader = createLibraryThread(path, maxPending)
  await reader.opened
  const read = reader.call
  const write = writer.call
  return {
    addDocument: (input) => write('addDocument', input),
    search: (options, signal) => read('search', options, { signal }),
    getDocument: (id, owners) => read('getDocument', { id, owners }),
    getPassage: (address) => read('getPassage', address),
    listDocuments: (owner) => read('listDocuments', { owner }),
    listPassages: (list) => read('listPassages', list),
    removeDocument: (id, owner) => write('removeDocument', { id, owner }),
    importCorpus: (corpus, onProgress) => write('importCorpus', corpus, { onProgress }),
    files: {
      add: (file) => write('addFile', file),
      get: (id, owners) => read('getFile', { id, owners }),
      list: (query) => read('listFiles', query),
      waiting: (owner) => read('countWaiting', { owner }),
      requeue: () => write('requeueFiles', null),
      take: () => write('takeFile', null),
      progress: (id, progress) => write('tellProgress', { id, progress }),
      index: (text) => write('indexFile', text),
      fail: (id, { code, message }) => write('failFile', { id, code, message }),
      cancel: (id, owner) => write('cancelFile', { id, owner }),
      remove: (id, owner) => write('removeFile', { id, owner }),
      find: (owner, content) => read('findFile', { owner, content }),
      give: (from, to) => write('giveFiles', { from, to }),
      removeAll: (owner) => write('removeFiles', { owner }),
      shared: () => read('countShared', null),
      agree: (agreement) => write('agreeFiles', agreement),
      place: () => read('followedPlace', null),
    },
    dispose: async () => {
      await Promise.all([reader.dispose(), writer.dispose()])
    },
  }
}
