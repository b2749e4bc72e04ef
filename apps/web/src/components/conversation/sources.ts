import type { Citation } from '@throughline/protocol'

/** A document that an answer rests on, and where it is cited. */
export interface Source {
  readonly documentId: string
  readonly title: string
  readonly citations: readonly Citation[]
}

/** The documents cited, each once, in the order of their first number. */
export function sourcesOf(citations: readonly Citation[]): readonly Source[] {
  const documents = Map.groupBy(citations, (citation) => citation.documentId)
  return [...documents].map(([documentId, cited]) => ({
    documentId,
    title: cited[0]?.title ?? '',
    citations: cited,
  }))
}
