import type { QueryTerm } from './document.ts'
import { matchExpression } from './query.ts'

/** Share of the documents beyond which a word is common. */
const COMMON = 0.4
/**
 * Up to so many documents every word may propose. Ranking what matches is nearly all that a search costs, and in a
 * larger library any one word matches more than is worth ranking.
 */
const SMALL_LIBRARY = 1_500
/** Terms, the rarest, that are looked for together in a large library. */
const TOGETHER = 5
/** Documents that the words which propose each for itself may stand in, in a large library; the rarest always does. */
const APART = 1_500

/**
 * Full-text expressions that propose what is to be ranked; a search takes the first that matches enough, else the
 * last. In a small library that is any word. In a large one it is passages with all of the telling terms together,
 * then with all but one, and so on, and only then those with any.
 */
export function proposalsOf(terms: readonly QueryTerm[], total: number): readonly string[] {
  const known = terms.filter((term) => term.documents > 0)
  const rare = known.filter((term) => term.documents <= total * COMMON)
  // Words of every other page find nothing and cost the most: they rank, but propose only when little else is there.
  if (total <= SMALL_LIBRARY) return expressions([anyOf(rare.length >= 2 ? rare : terms)])
  const telling = rarestFirst(rare.length >= 2 ? rare : known).slice(0, TOGETHER)
  const groups = telling.map((term) => anyOf([term]) ?? '')
  const together = groups.slice(1).map((_, index) => atLeast(groups.length - index, groups))
  return expressions([...together, anyOf(withinBudget(rarestFirst(known)))])
}

function rarestFirst(terms: readonly QueryTerm[]): readonly QueryTerm[] {
  return terms.toSorted((a, b) => a.documents - b.documents)
}

/** The first, and those after it that do not add too much. */
function withinBudget(terms: readonly QueryTerm[]): readonly QueryTerm[] {
  let documents = 0
  return terms.filter((term, index) => {
    if (index > 0 && documents + term.documents > APART) return false
    documents += term.documents
    return true
  })
}

/** Matches where `least` of the groups do; there are at least so many. */
function atLeast(least: number, groups: readonly string[]): string {
  const [first = '', ...rest] = groups
  if (least === 1) return `(${groups.join(' OR ')})`
  if (least === groups.length) return `(${groups.join(' AND ')})`
  return `((${first} AND ${atLeast(least - 1, rest)}) OR ${atLeast(least, rest)})`
}

/** Matches where a term does, or what is accepted in its place. */
function anyOf(terms: readonly QueryTerm[]): string | null {
  const expression = matchExpression(terms)
  return expression === null ? null : `(${expression})`
}

function expressions(wanted: readonly (string | null)[]): readonly string[] {
  return wanted.filter((expression) => expression !== null)
}
