/** A document of one's own, as the library lists it. */
export interface LibraryDocument {
  readonly id: string
  readonly title: string
  /** The file's. */
  readonly name: string
  readonly kind: 'markdown' | 'text' | 'html' | 'pdf' | 'docx'
  readonly bytes: number
  readonly pages?: number
  readonly passages: number
  readonly addedAt: number
  readonly status: 'queued' | 'indexing' | 'ready' | 'failed' | 'cancelled'
  /** 0–100. */
  readonly progress: number
  readonly error?: { readonly code: string; readonly message: string }
}

/** One page of the library. */
export interface LibraryPage {
  readonly documents: readonly LibraryDocument[]
  readonly bundled: { readonly title: string; readonly documents: number; readonly passages: number }
  /** Documents of one's own that match. */
  readonly total: number
}

/** A stretch of a document that can be found and quoted. */
export interface LibraryPassage {
  readonly start: number
  readonly end: number
  readonly text: string
  readonly heading?: string
  readonly page?: number
}

/** Whether it is still on its way into the index. */
export function isUnderWay({ status }: Pick<LibraryDocument, 'status'>): boolean {
  return status === 'queued' || status === 'indexing'
}
