import type { Citation } from '@throughline/protocol'
import { sentencesOf } from '../extract/sentences.ts'
import { coverageOf, questionTerms } from '../extract/terms.ts'
import type { RankedPassage, SearchResult } from '../library/document.ts'

/** The passages a model may cite, under their numbers. */
export interface NumberedSources {
  /** Adds the passages that are not there yet; gives those with their numbers. */
  add(results: readonly SearchResult[]): readonly NumberedPassage[]
  /** The citation of a number for the sentence that uses it; `undefined` for a number that was never given out. */
  cite(n: number, sentence: string): Citation | undefined
}

export interface NumberedPassage {
  readonly n: number
  readonly passage: RankedPassage
}

/** Passages and characters given to a model at a time. */
const MAX_PASSAGES = 12
const MAX_CHARACTERS = 14_000
/** A shorter quotation is taken where one sentence of the passage says what the answer says. */
const SUPPORTING = 0.34
const MAX_QUOTE = 420

/** Numbers go on after `known`: the citations that a partial answer has already. */
export function createNumberedSources(known: readonly Citation[] = [], highest = 0): NumberedSources {
  const passages = new Map<number, RankedPassage>()
  const given = new Map(known.map((citation) => [citation.n, citation]))
  const places = new Set<string>()
  let last = Math.max(highest, ...given.keys(), 0)
  let results: readonly SearchResult[] = []
  return {
    add(more) {
      results = [...results, ...more]
      return best(more, places).map((passage) => {
        last += 1
        passages.set(last, passage)
        return { n: last, passage }
      })
    },
    cite(n, sentence) {
      const passage = passages.get(n)
      return passage === undefined ? given.get(n) : { n, ...quoteFor(passage, sentence, results) }
    },
  }
}

/** The best passages of all results in turn, each place once, as many as a prompt has room for. */
function best(results: readonly SearchResult[], places: Set<string>): readonly RankedPassage[] {
  const chosen: RankedPassage[] = []
  let characters = 0
  const longest = Math.max(0, ...results.map((result) => result.passages.length))
  for (let rank = 0; rank < longest; rank += 1) {
    for (const { passages } of results) {
      const passage = passages[rank]
      if (passage === undefined || chosen.length >= MAX_PASSAGES) continue
      const place = `${passage.documentId}:${String(passage.start)}`
      if (places.has(place) || characters + passage.text.length > MAX_CHARACTERS) continue
      places.add(place)
      characters += passage.text.length
      chosen.push(passage)
    }
  }
  return chosen
}

/** The part of a passage that says what `sentence` says, else the passage. */
function quoteFor(
  passage: RankedPassage,
  sentence: string,
  results: readonly SearchResult[],
): Omit<Citation, 'n'> {
  const terms = questionTerms(sentence, results)
  const { documentId, title, page } = passage
  let best = { start: passage.start, end: passage.end, text: passage.text, coverage: SUPPORTING }
  for (const { start, end, text } of sentencesOf(passage)) {
    const coverage = coverageOf(terms, text)
    if (coverage > best.coverage && text.length <= MAX_QUOTE) best = { start, end, text, coverage }
  }
  const { start, end, text: quote } = best
  return { documentId, title, start, end, quote, ...(page !== undefined && { page }) }
}
