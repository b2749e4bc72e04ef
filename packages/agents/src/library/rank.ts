import type { QueryTerm } from './document.ts'
import { opensWithDefinition } from './definition.ts'
import { proseAndCode } from './prose-and-code.ts'
import {
  ALTERNATIVE,
  occurrences,
  standTogether,
  stemBag,
  termMatchers,
  titleBag,
  type StemBag,
  type TermMatcher,
} from './term-match.ts'
import { stemsOf } from './words.ts'

/** A passage that may answer, before ranking. */
export interface Candidate {
  readonly documentId: string
  readonly title: string
  readonly heading: string
  readonly text: string
  /** Position of its document among the documents that match, from 0; `undefined` when beyond those considered. */
  readonly documentRank: number | undefined
}

export interface Ranked<C> {
  readonly candidate: C
  readonly score: number
  readonly coverage: number
}

export interface RankingQuery {
  readonly terms: readonly QueryTerm[]
  readonly pairs: readonly (readonly [string, string])[]
  /** Whether to favour passages that say what something is. */
  readonly definitional: boolean
}

/** What a word found in a title or heading adds, before it is weighed by how much of the title it is. */
const TITLE = 4
const HEADING = 2.5
/** What a word in a code sample counts of one in prose. */
const CODE = 0.4
/** BM25's saturation and length normalisation, and the words of an average passage. */
const K1 = 2.5
const B = 0.4
const AVERAGE_WORDS = 90
const PAIR_BONUS = 0.6
const DEFINITION_BONUS = 0.6
/** Pages about moving between versions mention everything; they come later unless the question is about that. */
const ASIDE = 0.75
const ASIDE_WORDS: ReadonlySet<string> = new Set(
  'upgrade upgrading version migrate migrating changelog legacy deprecated contribution codemods'
    .split(' ')
    .flatMap(stemsOf),
)
const DOCUMENT_BONUS = 0.6
/** The constant of reciprocal rank fusion, small because few documents take part. */
const FUSION = 4

/**
 * Ranks passages by BM25 over title, headings and text, by how much of the query they cover, by words that stand
 * together as they do in the query, and by how well their document as a whole matches.
 */
export function rankPassages<C extends Candidate>(
  query: RankingQuery,
  candidates: readonly C[],
): readonly Ranked<C>[] {
  const matchers = termMatchers(query.terms)
  const subjects = new Set(query.definitional ? query.terms.map((term) => term.stem) : [])
  const asksAside = query.terms.some((term) => ASIDE_WORDS.has(term.stem))
  const bags = new Map<string, StemBag>()
  const named = (text: string): StemBag => {
    const known = bags.get(text) ?? titleBag(text)
    bags.set(text, known)
    return known
  }
  const ranked = candidates.map((candidate) => {
    const { prose, code } = proseAndCode(candidate.text)
    const section = candidate.heading.split(' › ').at(-1) ?? ''
    const fields: Fields = {
      title: named(candidate.title),
      heading: named(candidate.heading),
      section: named(section),
      prose: stemBag(prose),
      code: stemBag(code),
    }
    const { score, coverage } = scoreTerms(matchers, fields)
    const close = query.pairs.filter((pair) => Object.values(fields).some((bag) => standTogether(pair, bag)))
    const phrase = 1 + (PAIR_BONUS * close.length) / Math.max(1, query.pairs.length)
    const rank = candidate.documentRank
    const fused = rank === undefined ? 1 : 1 + (DOCUMENT_BONUS * FUSION) / (FUSION + rank)
    const aside = !asksAside && (isAside(fields.title) || isAside(fields.section)) ? ASIDE : 1
    const defined = definition(matchers, subjects, fields)
    return { candidate, score: score * (0.4 + 0.6 * coverage) * phrase * fused * defined * aside, coverage }
  })
  return ranked.sort((a, b) => b.score - a.score)
}

type Fields = Readonly<Record<'title' | 'heading' | 'section' | 'prose' | 'code', StemBag>>

function scoreTerms(matchers: readonly TermMatcher[], fields: Fields): { score: number; coverage: number } {
  const words = fields.prose.stems.length + CODE * fields.code.stems.length
  const length = 1 - B + (B * words) / AVERAGE_WORDS
  const title = TITLE * precision(matchers, fields.title)
  const heading = HEADING * precision(matchers, fields.section)
  let score = 0
  let covered = 0
  let total = 0
  for (const matcher of matchers) {
    const { weight } = matcher.term
    const inTitle = Math.min(1, occurrences(matcher, fields.title))
    const inHeading = Math.min(1, occurrences(matcher, fields.heading))
    const inText = occurrences(matcher, fields.prose) + CODE * occurrences(matcher, fields.code)
    const frequency = inText / length + inTitle * (1 + title) + inHeading * (1 + heading)
    score += (weight * frequency * (K1 + 1)) / (frequency + K1)
    covered += weight * Math.min(1, Math.max(inTitle, inHeading, inText) / (ALTERNATIVE * 1.5))
    total += weight
  }
  return { score, coverage: total === 0 ? 0 : covered / total }
}

function isAside(title: StemBag): boolean {
  return title.stems.some((stem) => ASIDE_WORDS.has(stem))
}

/** A passage defines what its opening says something about, and what its section is named after. */
function definition(matchers: readonly TermMatcher[], subjects: ReadonlySet<string>, fields: Fields): number {
  if (subjects.size === 0) return 1
  const named = fields.section.counts.size > 0 && precision(matchers, fields.section) === 1
  const opens = opensWithDefinition(fields.prose.stems, subjects)
  return 1 + DEFINITION_BONUS * Number(named) + DEFINITION_BONUS * Number(opens)
}

/** How much of a title the query's words make up: `layout.js` is about layouts, `useSelectedLayoutSegment` less so. */
function precision(matchers: readonly TermMatcher[], bag: StemBag): number {
  const matched = matchers.filter((matcher) => occurrences(matcher, bag) > 0).length
  return Math.min(1, matched / Math.max(1, bag.counts.size))
}
