import type { RankedPassage } from '../library/document.ts'
import type { QuotedSpan } from './quotation.ts'
import type { ScoredUnit } from './score-sentences.ts'

/** A text takes in the next sentence while it stays shorter than this. */
const TEXT_CHARACTERS = 340
/** A longer block is left to the source that the citation opens. */
const CODE_CHARACTERS = 1_600
const LIST_CHARACTERS = 1_000
/** Share of the question a block or its introduction must hold, or else the titles above it. */
const BEARING = 0.25
const NAMED_SO = 0.5
/** A sentence with more points of fault does not stand alone. */
const TOLERABLE = 0.25

/** Whether a unit may be quoted by itself. */
export function standsAlone({ faults }: ScoredUnit): boolean {
  return faults.points <= TOLERABLE
}

/** The best sentence or item of the units, with the sentence after it where that keeps it short. */
export function textSpan(units: readonly ScoredUnit[]): QuotedSpan | undefined {
  const best = units
    .filter(
      (scored) => (scored.unit.kind === 'sentence' || scored.unit.kind === 'item') && standsAlone(scored),
    )
    .sort((a, b) => b.score - a.score)[0]
  return best && { start: best.unit.start, end: textEnd(best, units), kind: 'text' }
}

/** Where a text that begins with this sentence ends. */
export function textEnd(scored: ScoredUnit, units: readonly ScoredUnit[]): number {
  const next = units.find(({ passage, index }) => passage === scored.passage && index === scored.index + 1)
  if (!next || next.unit.kind !== 'sentence' || next.unit.block.start !== scored.unit.block.start)
    return scored.unit.end
  const fits = next.unit.end - scored.unit.start <= TEXT_CHARACTERS
  const leadsOn = next.unit.text.endsWith(':') || next.faults.pointing
  return fits && !leadsOn ? next.unit.end : scored.unit.end
}

/** The best code of a passage, or its steps: a numbered list, or any list that a sentence leads up to. */
export function blockSpan(units: readonly ScoredUnit[], passage: RankedPassage): QuotedSpan | undefined {
  const blocks = units.filter(({ unit }) => unit.kind === 'code' || unit.block.kind === 'list')
  for (const { unit } of blocks.sort((a, b) => b.score - a.score)) {
    const { start, end } = unit.kind === 'code' ? unit : unit.block
    const introduction = units.find((before) => introduces(before, start, passage))
    const stands = unit.kind === 'code' || introduction !== undefined || isNumbered(passage, start)
    const limit = unit.kind === 'code' ? CODE_CHARACTERS : LIST_CHARACTERS
    if (!stands || end - start > limit || !bears(blockUnits(units, { start, end }), introduction)) continue
    return {
      start: introduction ? introductionStart(introduction, units) : start,
      end,
      kind: 'block',
      blockStart: start,
    }
  }
  return undefined
}

/** An introduction that refers to the sentence before takes it along. */
function introductionStart({ unit, faults, index }: ScoredUnit, units: readonly ScoredUnit[]): number {
  const before = faults.leaning ? units.find((scored) => scored.index === index - 1)?.unit : undefined
  return before?.kind === 'sentence' && before.block.start === unit.block.start ? before.start : unit.start
}

function blockUnits(
  units: readonly ScoredUnit[],
  block: { start: number; end: number },
): readonly ScoredUnit[] {
  return units.filter(({ unit }) => unit.start >= block.start && unit.end <= block.end)
}

/** Whether a block, with the sentence before it and the titles above it, has to do with the question. */
function bears(block: readonly ScoredUnit[], introduction: ScoredUnit | undefined): boolean {
  const own = Math.max(0, ...block.map((scored) => scored.coverage), introduction?.coverage ?? 0)
  return own >= BEARING || (block[0]?.context ?? 0) >= NAMED_SO
}

function introduces({ unit, faults }: ScoredUnit, start: number, passage: RankedPassage): boolean {
  const gap = passage.text.slice(unit.end - passage.start, Math.max(0, start - passage.start))
  return unit.kind === 'sentence' && !faults.pointing && unit.end <= start && gap.trim() === ''
}

function isNumbered(passage: RankedPassage, start: number): boolean {
  return /^\s*\d/.test(passage.text.slice(start - passage.start))
}
