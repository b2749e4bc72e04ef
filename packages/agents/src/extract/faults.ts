import { plainText } from '../library/plain-text.ts'
import type { TextUnit } from './sentences.ts'

/** What is wrong with quoting a unit by itself. */
export interface Faults {
  /** 0 for none; from about 0.3 on it cannot stand alone. */
  readonly points: number
  /** It opens by referring to the sentence before. */
  readonly leaning: boolean
  /** It only sends the reader elsewhere: not worth quoting beside anything either. */
  readonly pointing: boolean
}

type Patterns = readonly (readonly [pattern: RegExp, points: number])[]

/** Openings that lean on the sentence before. */
const LEANING = `
  this|that|these|those|it|they|he|she|however|also|then|but|so|or|and|here|instead|similarly|otherwise|alternatively|
  additionally|in this (?:case|example)|for example|for instance|in the (?:above|following|example)|
  the (?:above|following|example)|as (?:shown|mentioned|you can see)|with this|basic usage`

const LEANS = new RegExp(`^(?:${LEANING.replace(/\n\s*/g, '')})\\b`, 'i')

const DEPENDENT: Patterns = [
  [LEANS, 0.3],
  [/\b(?:above|below|previous (?:step|section|example))\b/i, 0.3],
  [/^(?:good to know|note|tip|warning)\b/i, 0.15],
  [/\?$/, 0.35],
  [/:$/, 0.3],
  [/^\p{Ll}+\b(?![.()/])/u, 0.15],
  [/[^.!?:)”"。！？]$/u, 0.15],
]
const POINTING: Patterns = [
  [/^(?:learn|see|read|check out|refer to|visit|view|explore|to learn more|api reference)\b/i, 0.6],
  [
    /\b(?:this (?:page|guide|section|document|article|tutorial)|learn more|on this page|we(?:'ll| will)) /i,
    0.5,
  ],
  [/\b(?:refer to the|watch:)/i, 0.5],
]
const SHORT = 30
const LONG = 420

/** Finds what is wrong with quoting a sentence or item by itself; code and tables have no faults. */
export function faultsOf(unit: TextUnit): Faults {
  if (unit.kind === 'code' || unit.kind === 'table') return { points: 0, leaning: false, pointing: false }
  const text = plainText(unit.text)
  const pointing = pointsFor(POINTING, text)
  const length = text.length < SHORT ? 0.4 : text.length > LONG ? 0.2 : 0
  const points = pointsFor(DEPENDENT, text) + pointing + length
  return { points, leaning: LEANS.test(text), pointing: pointing > 0 }
}

function pointsFor(patterns: Patterns, text: string): number {
  return patterns.reduce((sum, [pattern, points]) => sum + (pattern.test(text) ? points : 0), 0)
}
