import type { StreamErrorCode } from '@throughline/protocol'
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
import type {
  FileFaultCode,
  FileInput,
  FilePage,
  FileQuery,
  FileText,
  LibraryFile,
  SharedHoldings,
} from './library-file.ts'

/** A place in a document, and whose documents may be read. */
export interface PassageAddress {
  readonly documentId: string
  readonly start: number
  readonly end: number
  readonly owners: readonly Owner[]
}

/** A part of a document's passages, and whose documents may be read. */
export interface PassageList {
  readonly documentId: string
  readonly owners: readonly Owner[]
  readonly after: number
  readonly limit: number
}

/** What the library's thread can be asked, and what it answers. */
export interface LibraryCalls {
  addDocument: { request: DocumentInput; response: AddedDocument }
  search: { request: SearchOptions; response: SearchResult }
  getDocument: { request: { id: string; owners: readonly Owner[] }; response: LibraryDocument | null }
  getPassage: { request: PassageAddress; response: Passage | null }
  listDocuments: { request: { owner: Owner }; response: readonly DocumentSummary[] }
  listPassages: { request: PassageList; response: PassagePage | null }
  removeDocument: { request: { id: string; owner: Owner }; response: boolean }
  addFile: { request: FileInput; response: { readonly file: LibraryFile; readonly added: boolean } }
  getFile: { request: { id: string; owners: readonly Owner[] }; response: LibraryFile | null }
  listFiles: { request: FileQuery; response: FilePage }
  countWaiting: { request: { owner: Owner }; response: number }
  requeueFiles: { request: null; response: null }
  takeFile: { request: null; response: LibraryFile | null }
  tellProgress: { request: { id: string; progress: number }; response: null }
  indexFile: { request: FileText; response: boolean }
  failFile: {
    request: { id: string; code: FileFaultCode; message: string }
    response: null
  }
  cancelFile: { request: { id: string; owner: Owner }; response: boolean }
  removeFile: { request: { id: string; owner: Owner }; response: boolean }
  findFile: { request: { owner: Owner; content: string }; response: LibraryFile | null }
  giveFiles: { request: { from: string; to: string }; response: readonly string[] }
  removeFiles: { request: { owner: string }; response: null }
  agreeFiles: { request: FileAgreement; response: Agreed }
  followedPlace: { request: null; response: string | null }
  countShared: { request: null; response: SharedHoldings }
  importCorpus: { request: Corpus; response: CorpusImport }
  close: { request: null; response: null }
}

export type LibraryOperation = keyof LibraryCalls

/** A request as it crosses to the library's thread. */
export type LibraryRequest<Operation extends LibraryOperation = LibraryOperation> = {
  [Each in Operation]: { id: number; operation: Each; argument: LibraryCalls[Each]['request'] }
}[Operation]

/** Why a request failed: `message` may be shown, `detail` is for the log. */
export interface LibraryRefusal {
  readonly code: StreamErrorCode
  readonly message: string
  readonly detail: string
}

/** What comes back: one `opened` or refusal with id 0, then progress and one end for each request. */
export type LibraryReply =
  | { readonly id: number; readonly kind: 'done'; readonly value: unknown }
  | { readonly id: number; readonly kind: 'refused'; readonly refusal: LibraryRefusal }
  | { readonly id: number; readonly kind: 'progress'; readonly progress: CorpusProgress }
