import type { QueryTerm, RankedPassage } from '../library/document.ts'
import { termMatchers, type TermMatcher } from '../library/term-match.ts'
import { faultsOf, type Faults } from './faults.ts'
import { sentencesOf, type TextUnit } from './sentences.ts'
import { coverage } from './terms.ts'

/** A unit with the passage it stands in and how well it answers. Scores compare within one call only. */
export interface ScoredUnit {
  readonly unit: TextUnit
  readonly passage: RankedPassage
  /** Place among its passage's units, from 0. */
  readonly index: number
  /** Share of the question's information in the unit itself. */
  readonly coverage: number
  /** Share of it in the titles above the unit. */
  readonly context: number
  readonly faults: Faults
  readonly score: number
}

const DEFINES = /\b(?:is|are|means|allows?|lets?|enables?|provides?|defines?|refers? to|represents?)\b/i
/** The subject of a defining sentence stands within this many characters of its start. */
const SUBJECT = 60

/**
 * Scores every unit of the passages: by the question's information in it, by its passage's rank and titles, by whether
 * it defines something (for `definitional` questions) and stands alone.
 */
export function scoreSentences(
  terms: readonly QueryTerm[],
  passages: readonly RankedPassage[],
  options: { readonly definitional?: boolean } = {},
): readonly ScoredUnit[] {
  const matchers = termMatchers(terms)
  const best = Math.max(...passages.map((passage) => passage.score), Number.MIN_VALUE)
  return passages.flatMap((passage) => {
    const context = coverage(matchers, `${passage.title} ${passage.heading}`)
    const place = 0.5 * (passage.score / best) + 0.25 * passage.coverage + 0.35 * context
    return sentencesOf(passage).map((unit, index) => {
      const own = coverage(matchers, unit.text)
      const first = index === 0 ? 0.1 : 0
      const faults = faultsOf(unit)
      const defining =
        options.definitional === true && faults.points === 0 ? definition(matchers, unit.text) : 0
      const score = own + place + first + defining - faults.points
      return { unit, passage, index, coverage: own, context, faults, score }
    })
  })
}

/** Most for "<what was asked about> is …", less for what at least opens with it or says what something is or does. */
function definition(matchers: readonly TermMatcher[], text: string): number {
  const verb = DEFINES.exec(text)
  const subject = text.slice(0, verb && verb.index <= SUBJECT ? verb.index : SUBJECT)
  return (
    0.35 * coverage(matchers, subject) +
    (verb && verb.index <= SUBJECT ? 0.1 + 0.2 * coverage(matchers, subject) : 0)
  )
}
