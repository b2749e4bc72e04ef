import type { Owner } from './document.ts'

/** What a file may be; told by its content. */
export const FILE_KINDS = ['markdown', 'text', 'html', 'pdf', 'docx'] as const
export type FileKind = (typeof FILE_KINDS)[number]

export type FileStatus = 'queued' | 'indexing' | 'ready' | 'failed' | 'cancelled'

/** Why a file could not be read. */
export const FILE_FAULTS = [
  'empty',
  'no_text',
  'unsupported',
  'encrypted',
  'corrupt',
  'too_large',
  'too_slow',
  'too_many_pages',
  'missing',
  'failed',
] as const
export type FileFaultCode = (typeof FILE_FAULTS)[number]

/** A file that was handed in: its bytes wait in the originals, its state is here. */
export interface FileInput {
  /** Of the file, and of the document that it becomes. */
  readonly id: string
  readonly owner: Owner
  /** As its owner calls it. At most 1,024 characters. */
  readonly name: string
  readonly kind: FileKind
  readonly bytes: number
  /** SHA-256 of its bytes, by which its owner's next copy of it is recognised. */
  readonly content: string
}

/** A file of the library and what became of it. */
export interface LibraryFile extends Omit<FileInput, 'content'> {
  /** The document's title once it is known, else the file's name. */
  readonly title: string
  /** Of a PDF, once they were counted. */
  readonly pages?: number
  /** Passages that it contributes to the library. */
  readonly passages: number
  /** Epoch milliseconds. */
  readonly addedAt: number
  readonly status: FileStatus
  /** 0–100, work units done. */
  readonly progress: number
  readonly error?: { readonly code: FileFaultCode; readonly message: string }
}

/** A page of an owner's files, newest first. */
export interface FilePage {
  readonly files: readonly LibraryFile[]
  /** All of the owner's files that the search finds, on this page or not. */
  readonly total: number
}

export interface FileQuery {
  readonly owner: Owner
  /** Part of a name or title. Default: all. */
  readonly search?: string
  /** The file after which the page begins. Default: from the newest. */
  readonly before?: string
  /** Default 50, at most 200. */
  readonly limit?: number
}

/** What a file turned out to hold. */
export interface FileText {
  readonly id: string
  /** Markdown. */
  readonly text: string
  readonly title?: string
  /** Where each page of it begins in `text`; absent for what has no pages. */
  readonly pageStarts?: readonly number[]
}

/** Documents and passages of everyone's: the bundled corpus and what the operator added. */
export interface SharedHoldings {
  readonly documents: number
  readonly passages: number
}
