import { blocksOf, fenceEnd, opensFence, type Block } from '../library/blocks.ts'
import { isBlank, linesOf } from '../library/lines.ts'

export type UnitKind = 'sentence' | 'item' | 'code' | 'table'

/** The smallest thing that is quoted: `text` is exactly the document's `[start, end)`. */
export interface TextUnit {
  readonly kind: UnitKind
  readonly start: number
  readonly end: number
  readonly text: string
  /** The block it stands in, as a place in the document: a paragraph, a list, a quote, a fence, a table. */
  readonly block: { readonly kind: Block['kind']; readonly start: number; readonly end: number }
}

/** A passage, as far as sentences need it. */
export interface PassageLike {
  readonly start: number
  readonly text: string
}

interface Span {
  readonly start: number
  readonly end: number
}

const BOUNDARY = /(?:[.!?…]+[)"'”’*_\]]*(?=\s|$)|[。！？]+[」』）]*)/gu
const ABBREVIATION = /(?:^|[\s(])(?:e\.g|i\.e|etc|vs|cf|approx|fig|no|dr|mr|mrs|ms|st|[A-Z])\.$/i
const MARKER = /^(?:\s*>)*\s*(?:(?:[-*+]|\d{1,9}[.)])\s+(?:\[[ xX]\]\s+)?)?/
const ITEM = /^(?:\s*>)*\s*(?:[-*+]|\d{1,9}[.)])\s/

/**
 * The sentences, list items, code fences and tables of a passage, in order, with exact document offsets. Fences and
 * tables are one unit each; list markers and quote marks stand outside of the unit they open.
 */
export function sentencesOf(passage: PassageLike): readonly TextUnit[] {
  const units: TextUnit[] = []
  for (const block of blocksOf(passage.text)) {
    if (block.kind === 'heading' || block.kind === 'rule') continue
    const place = { kind: block.kind, start: passage.start + block.start, end: passage.start + block.end }
    for (const { kind, start, end } of unitsOf(passage.text, block)) {
      const text = passage.text.slice(start, end)
      units.push({ kind, start: passage.start + start, end: passage.start + end, text, block: place })
    }
  }
  return units
}

function unitsOf(text: string, block: Block): readonly (Span & { readonly kind: UnitKind })[] {
  if (block.kind === 'code' || block.kind === 'table')
    return [{ kind: block.kind, start: block.start, end: block.end }]
  if (block.kind === 'list' || block.kind === 'quote') return [...itemsOf(text, block)]
  return sentenceSpans(text, block).map((span) => ({ kind: 'sentence', ...span }))
}

/** Items of a list or quote and what is fenced inside it; a quote without items gives its sentences. */
function* itemsOf(text: string, block: Block): Generator<Span & { readonly kind: UnitKind }> {
  const lines = linesOf(text, block.start, block.end)
  let open: Span | undefined
  let kind: UnitKind = 'sentence'
  const close = function* (): Generator<Span & { readonly kind: UnitKind }> {
    if (!open) return
    if (kind === 'item') yield { kind, ...trimmed(text, open) }
    else for (const span of sentenceSpans(text, open)) yield { kind, ...span }
    open = undefined
  }
  for (let index = 0; index < lines.length; index += 1) {
    const line = lines[index]
    if (!line) continue
    const bare = line.text.replace(/^(?:\s*>)+\s?/, '')
    if (opensFence(line)) {
      yield* close()
      const until = fenceEnd(lines, index)
      yield { kind: 'code', start: line.start, end: lines[until - 1]?.end ?? line.end }
      index = until - 1
    } else if (isBlank(line) || bare.trim() === '') yield* close()
    else if (open && !ITEM.test(line.text)) open = { start: open.start, end: line.end }
    else {
      yield* close()
      kind = ITEM.test(line.text) ? 'item' : 'sentence'
      open = { start: line.start + (MARKER.exec(line.text)?.[0].length ?? 0), end: line.end }
    }
  }
  yield* close()
}

function sentenceSpans(text: string, within: Span): readonly Span[] {
  const own = text.slice(within.start, within.end)
  const spans: Span[] = []
  let start = 0
  for (const match of own.matchAll(BOUNDARY)) {
    const end = match.index + match[0].length
    const before = own.slice(start, end)
    if (!endsSentence(before, own.slice(end))) continue
    spans.push({ start: within.start + start, end: within.start + end })
    start = end
  }
  spans.push({ start: within.start + start, end: within.end })
  return spans.map((span) => trimmed(text, span)).filter((span) => span.end > span.start)
}

function endsSentence(before: string, after: string): boolean {
  if (ABBREVIATION.test(before) || /^\s+\p{Ll}/u.test(after)) return false
  const outsideCode = (before.match(/`/g)?.length ?? 0) % 2 === 0
  const outsideLink = before.lastIndexOf('[') <= before.lastIndexOf(']') && !/\]\([^)]*$/.test(before)
  return outsideCode && outsideLink
}

function trimmed(text: string, { start, end }: Span): Span {
  const own = text.slice(start, end)
  const lead = /^(?:\s|>(?=\s))*/.exec(own)?.[0].length ?? 0
  const tail = /(?:\s|\n>)*$/.exec(own)?.[0].length ?? 0
  return { start: start + lead, end: Math.max(start + lead, end - tail) }
}
