import type { QueryTerm, RankedPassage, SearchResult } from '../library/document.ts'
import { proseAndCode } from '../library/prose-and-code.ts'
import { occurrences, stemBag, termMatchers, titleBag, type StemBag } from '../library/term-match.ts'
import { coverageOf } from './terms.ts'

/** Whether the library holds an answer, and on what grounds. */
export interface Answerability {
  readonly answerable: boolean
  /** Share, 0 to 1, of the question's information found in one document, mostly in one passage of it. */
  readonly coverage: number
  /** The document that covers most of it. */
  readonly documentId: string | undefined
  /** Words of the question that no readable document contains. */
  readonly missing: readonly string[]
}

/** Between the worst answerable (0.60) and the best unanswerable question (0.53) of the development set. */
const ENOUGH = 0.56
/** What information found elsewhere in the same document counts. */
const ELSEWHERE = 0.3
/** A question of so few words is covered by any page that happens to use them: it must be about them. */
const FEW_TERMS = 2
const OFTEN = 3

/**
 * Decides whether what a search found can answer its query: one document must hold most of what the query's words say,
 * the rare ones counting most, and it must stand close together there. It goes by words: it cannot tell apart two
 * things of the same name.
 */
export function answerable({ terms, passages }: SearchResult): Answerability {
  const unknown = terms.filter((term) => term.documents === 0)
  const missing = unknown.map((term) => term.word)
  // What is said of a thing that nobody mentions is said of something else.
  const aboutUnknown = unknown.some((term) => term.named)
  // A document that does not mention what the question names speaks of something else.
  const names = termMatchers(terms.filter((term) => term.named && term.documents > 0))
  let documentId: string | undefined
  let coverage = 0
  for (const [id, own] of byDocument(passages)) {
    if (terms.length <= FEW_TERMS && !isAbout(terms, own)) continue
    if (!names.every((name) => occurrences(name, everyWord(own)) > 0)) continue
    const together = Math.max(...own.map((passage) => passage.coverage))
    const whole = coverageOf(terms, own.map(allText).join('\n'))
    const value = together + ELSEWHERE * Math.max(0, whole - together)
    if (value > coverage) [documentId, coverage] = [id, value]
  }
  return { answerable: coverage >= ENOUGH && !aboutUnknown, coverage, documentId, missing }
}

/** Whether the rarest word of the question is in the passages’ titles, or comes up again and again. */
function isAbout(terms: readonly QueryTerm[], passages: readonly RankedPassage[]): boolean {
  const titles = titleBag(passages.map(({ title, heading }) => `${title}\n${heading}`).join('\n'))
  const prose = stemBag(passages.map(({ text }) => proseAndCode(text).prose).join('\n'))
  const [rarest] = [...termMatchers(terms)].sort((a, b) => b.term.weight - a.term.weight)
  return rarest !== undefined && (occurrences(rarest, titles) > 0 || occurrences(rarest, prose) >= OFTEN)
}

function everyWord(passages: readonly RankedPassage[]): StemBag {
  return stemBag(passages.map(allText).join('\n'))
}

function byDocument(passages: readonly RankedPassage[]): ReadonlyMap<string, readonly RankedPassage[]> {
  const groups = new Map<string, RankedPassage[]>()
  for (const passage of passages) {
    groups.set(passage.documentId, [...(groups.get(passage.documentId) ?? []), passage])
  }
  return groups
}

function allText(passage: RankedPassage): string {
  return `${passage.title}\n${passage.heading}\n${passage.text}`
}
