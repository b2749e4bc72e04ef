import type { SearchResult } from '../library/document.ts'
import type { Answerability } from './answerable.ts'
import { asPlain } from './readable.ts'

/** How it is said that the library does not hold an answer; replace it to translate. */
export interface DeclineWording {
  readonly unknown: string
  readonly missing: (words: readonly string[]) => string
  readonly apart: string
  readonly closest: (titles: readonly string[]) => string
}

export const DECLINE_WORDING: DeclineWording = {
  unknown: 'The library does not hold an answer to this question, so none is given.',
  missing: (words) => `No document mentions ${words.map((word) => `“${word}”`).join(', ')}.`,
  apart: 'Its words occur, but no document brings them together.',
  closest: (titles) => `The closest it has: ${titles.join(', ')}.`,
}

const MAX_CLOSEST = 3
/** Pages that share less with the question are not worth naming. */
const NAMED_FROM = 0.3

/** The answer to a question the library cannot answer: says so, says why, and names what comes closest. */
export function declineAnswer(
  grounds: Answerability,
  search: SearchResult,
  wording: DeclineWording = DECLINE_WORDING,
): string {
  const near = search.passages
    .filter((passage) => passage.coverage >= NAMED_FROM)
    .map((passage) => passage.title)
  const titles = [...new Set(near)].slice(0, MAX_CLOSEST)
  const why = grounds.missing.length > 0 ? wording.missing(grounds.missing) : wording.apart
  const parts = [wording.unknown, why]
  if (titles.length > 0) parts.push(wording.closest(titles.map((title) => `*${asPlain(title)}*`)))
  return parts.join(' ')
}
