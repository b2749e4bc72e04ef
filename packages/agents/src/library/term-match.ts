import type { QueryTerm } from './document.ts'
import { isStopWord } from './stop-words.ts'
import { indexedWords, stemOf, stemsOf } from './words.ts'

/** How much a synonym or an identifier's parts count of what the word itself does. */
export const ALTERNATIVE = 0.45

/** A text's stems, ready to be looked up. */
export interface StemBag {
  readonly stems: readonly string[]
  readonly counts: ReadonlyMap<string, number>
}

/** A query term with its alternatives as runs of stems. */
export interface TermMatcher {
  readonly term: QueryTerm
  readonly alternatives: readonly (readonly string[])[]
}

/** Counts a text's stems. */
export function stemBag(text: string): StemBag {
  return bagOf(indexedWords(text).map(stemOf))
}

/** The stems of a title's informative words: `How to use images` is about images alone. */
export function titleBag(title: string): StemBag {
  return bagOf(
    indexedWords(title)
      .filter((word) => !isStopWord(word))
      .map(stemOf),
  )
}

function bagOf(stems: readonly string[]): StemBag {
  const counts = new Map<string, number>()
  for (const stem of stems) counts.set(stem, (counts.get(stem) ?? 0) + 1)
  return { stems, counts }
}

/** Prepares terms for matching against many texts. */
export function termMatchers(terms: readonly QueryTerm[]): readonly TermMatcher[] {
  return terms.map((term) => ({ term, alternatives: term.alternatives.map(stemsOf) }))
}

/** How often the term stands in the bag; alternatives count for {@link ALTERNATIVE} each, and for at most two. */
export function occurrences({ term, alternatives }: TermMatcher, bag: StemBag): number {
  let others = 0
  for (const run of alternatives) others += runCount(run, bag)
  return (bag.counts.get(term.stem) ?? 0) + ALTERNATIVE * Math.min(2, others)
}

/** Words between two that still belong together: `generate a sitemap`. */
const NEAR = 3

/** Whether the second stem follows the first within a few words. */
export function standTogether(
  [first, second]: readonly [string, string],
  { stems, counts }: StemBag,
): boolean {
  if (!counts.has(first) || !counts.has(second)) return false
  return stems.some(
    (stem, index) => stem === first && stems.slice(index + 1, index + 1 + NEAR).includes(second),
  )
}

function runCount(run: readonly string[], { stems, counts }: StemBag): number {
  const first = run[0]
  const most = first === undefined ? 0 : (counts.get(first) ?? 0)
  if (most === 0 || run.length === 1) return most
  let found = 0
  for (let at = stems.indexOf(first ?? ''); at !== -1; at = stems.indexOf(first ?? '', at + 1)) {
    if (run.every((stem, offset) => stems[at + offset] === stem)) found += 1
  }
  return found
}
