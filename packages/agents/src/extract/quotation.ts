import type { RankedPassage } from '../library/document.ts'
import { nearDuplicate, shinglesOf } from './shingles.ts'
import type { Statement, StatementKind } from './statement.ts'

/** A place in a document that is to be quoted. */
export interface QuotedSpan {
  readonly start: number
  readonly end: number
  readonly kind: StatementKind
  /** Blocks only: where the block itself begins, after its introduction. */
  readonly blockStart?: number
}

/** Quotes a place of a passage. The section is left empty. */
export function quoteSpan(
  passage: RankedPassage,
  { start, end, kind, blockStart = start }: QuotedSpan,
): Statement {
  const { documentId, title, heading, page } = passage
  const quote = passage.text.slice(start - passage.start, end - passage.start)
  return {
    kind,
    section: '',
    documentId,
    title,
    heading,
    start,
    end,
    quote,
    blockAt: blockStart - start,
    ...(page !== undefined && { page }),
  }
}

/** What an answer has quoted so far, so that nothing is said twice. */
export interface QuotedTexts {
  /** Takes note of a text; `false`, and no note, when nearly the same was quoted before. */
  claim(text: string): boolean
}

/** Starts with nothing quoted. */
export function createQuotedTexts(): QuotedTexts {
  const quoted: ReadonlySet<string>[] = []
  return {
    claim(text) {
      const shingles = shinglesOf(text)
      if (quoted.some((other) => nearDuplicate(other, shingles))) return false
      quoted.push(shingles)
      return true
    },
  }
}
