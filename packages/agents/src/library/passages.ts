import { blocksOf, fenceEnd, opensFence, type Block } from './blocks.ts'
import { isBlank, linesOf, type Line } from './lines.ts'
import { plainText } from './plain-text.ts'

/** Where a passage stands: `[start, end)` in the stored text and the titles of its sections, outermost first. */
export interface PassageSpan {
  readonly start: number
  readonly end: number
  readonly headings: readonly string[]
}

interface Span {
  readonly start: number
  readonly end: number
}

/** A passage is filled up to this many characters, */
const FULL = 900
/** a block with the sentence that introduces it may reach this many, */
const TOGETHER = 1_600
/** prose is cut at this, and code, tables and other blocks kept whole only up to this. */
const WHOLE = 4_000

/**
 * Splits Markdown from `from` on into passages that follow its structure: sections are never mixed, code fences and
 * tables stay whole unless huge, and the sentence that introduces a block stays with it.
 */
export function passagesOf(text: string, from = 0): readonly PassageSpan[] {
  const passages: PassageSpan[] = []
  const path: { level: number; title: string }[] = []
  let section: Block[] = []
  const flush = (): void => {
    const headings = path.map((heading) => heading.title)
    for (const span of pack(atomsOf(text, section))) passages.push({ ...span, headings })
    section = []
  }
  for (const block of blocksOf(text, from)) {
    if (block.kind !== 'heading') {
      if (block.kind !== 'rule') section.push(block)
      continue
    }
    flush()
    while ((path.at(-1)?.level ?? 0) >= block.level) path.pop()
    path.push({ level: block.level, title: plainText(block.title) })
  }
  flush()
  return passages
}

/** Fills passages with atoms in order, as far as they fit. */
function* pack(atoms: Iterable<Span>): Generator<Span> {
  let open: Span | undefined
  for (const atom of atoms) {
    if (open && atom.end - open.start <= FULL) open = { start: open.start, end: atom.end }
    else {
      if (open) yield open
      open = atom
    }
  }
  if (open) yield open
}

/** What must not be torn apart: a block with its introduction, or a piece of a block that is too long. */
function* atomsOf(text: string, blocks: readonly Block[]): Generator<Span> {
  for (let index = 0; index < blocks.length; index += 1) {
    const block = blocks[index]
    const next = blocks[index + 1]
    if (!block) continue
    if (next && introduces(text, block, next) && next.end - block.start <= TOGETHER) {
      yield { start: block.start, end: next.end }
      index += 1
    } else yield* pieces(text, block)
  }
}

function introduces(text: string, block: Block, next: Block): boolean {
  if (block.kind !== 'paragraph') return false
  return next.kind === 'code' || text.slice(block.start, block.end).trimEnd().endsWith(':')
}

function pieces(text: string, block: Block): readonly Span[] {
  const length = block.end - block.start
  const kept = block.kind === 'code' || block.kind === 'table' ? WHOLE : TOGETHER
  if (length <= kept) return [block]
  const lines = linesOf(text, block.start, block.end)
  const starts = block.kind === 'list' ? itemStarts(lines) : lines.map((line) => line.start)
  const spans = [...pack(between(text, starts, block.end))]
  return spans.flatMap((span) => (span.end - span.start > WHOLE ? slices(text, span) : [span]))
}

/** Starts of a list's own items; what is indented under one, or fenced in it, belongs to it. */
function itemStarts(lines: readonly Line[]): readonly number[] {
  const starts: number[] = []
  for (let index = 0; index < lines.length; index += 1) {
    const line = lines[index]
    if (!line) continue
    if (opensFence(line)) index = fenceEnd(lines, index) - 1
    else if (index === 0 || (!isBlank(line) && !/^\s{2,}/.test(line.text))) starts.push(line.start)
  }
  return starts
}

function* between(text: string, starts: readonly number[], end: number): Generator<Span> {
  for (const [index, start] of starts.entries()) {
    const stop = starts[index + 1] ?? end
    const trimmed = text.slice(start, stop).trimEnd()
    if (trimmed !== '') yield { start, end: start + trimmed.length }
  }
}

/** The last resort for a single endless line: cut at white space, never inside a surrogate pair. */
function slices(text: string, span: Span): readonly Span[] {
  const starts: number[] = [span.start]
  for (let at = span.start + FULL; at < span.end; at += FULL) {
    const space = text.lastIndexOf(' ', at)
    if (space > (starts.at(-1) ?? 0)) at = space + 1
    else if (/[\uDC00-\uDFFF]/.test(text.charAt(at))) at += 1
    if (at < span.end) starts.push(at)
  }
  return [...between(text, starts, span.end)]
}
