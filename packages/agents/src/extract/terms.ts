import type { QueryTerm, SearchResult } from '../library/document.ts'
import { analyseQuery } from '../library/query.ts'
import { occurrences, stemBag, termMatchers, ALTERNATIVE, type TermMatcher } from '../library/term-match.ts'

/**
 * The terms of `question`, weighed as the searches weighed them. A word no search met counts as much as the rarest, so
 * that leaving a search out never makes a question look better covered.
 */
export function questionTerms(question: string, results: readonly SearchResult[]): readonly QueryTerm[] {
  const known = new Map(results.flatMap((result) => result.terms).map((term) => [term.stem, term]))
  const rarest = Math.max(1, ...[...known.values()].map((term) => term.weight))
  return analyseQuery(question).terms.map(
    (term) => known.get(term.stem) ?? { ...term, documents: 0, weight: rarest },
  )
}

/** Share, 0 to 1, of what the terms say that `text` holds. An alternative counts for about two thirds. */
export function coverageOf(terms: readonly QueryTerm[], text: string): number {
  return coverage(termMatchers(terms), text)
}

/** {@link coverageOf} for matchers prepared once for many texts. */
export function coverage(matchers: readonly TermMatcher[], text: string): number {
  const bag = stemBag(text)
  let covered = 0
  let total = 0
  for (const matcher of matchers) {
    covered += matcher.term.weight * Math.min(1, occurrences(matcher, bag) / (ALTERNATIVE * 1.5))
    total += matcher.term.weight
  }
  return total === 0 ? 0 : covered / total
}
