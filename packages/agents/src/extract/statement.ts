import type { Citation } from '@throughline/protocol'

/** A `block` is code, a list or a table, with the sentence that introduces it where there is one. */
export type StatementKind = 'lead' | 'text' | 'block' | 'see-also'

/** One quotation of an answer. Its number is given when the answer is written out. */
export interface Statement {
  readonly kind: StatementKind
  /** The heading it stands under; empty for the lead. */
  readonly section: string
  readonly documentId: string
  readonly title: string
  /** Titles of the sections around it, which say what it is about. */
  readonly heading: string
  readonly start: number
  readonly end: number
  /** Exactly the stored document's `[start, end)`. */
  readonly quote: string
  /** Blocks only: where in `quote` the block begins; what precedes it is its introduction. 0 otherwise. */
  readonly blockAt: number
  /** The page it stands on, where the document has pages. */
  readonly page?: number
}

/** Where a statement ended up in the answer that was written out. */
export interface NumberedStatement extends Statement {
  readonly n: number
}

/** An answer made of quotations: its Markdown and, in the order of their numbers, what they cite. */
export interface ComposedAnswer {
  readonly markdown: string
  readonly citations: readonly Citation[]
  readonly statements: readonly NumberedStatement[]
}
