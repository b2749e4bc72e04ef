import { isBlank, linesOf, type Line } from './lines.ts'

export type BlockKind = 'heading' | 'paragraph' | 'list' | 'code' | 'table' | 'quote' | 'rule'

/** A block of Markdown: `text.slice(start, end)`, without the line break that ends it. */
export interface Block {
  readonly kind: BlockKind
  readonly start: number
  readonly end: number
  /** Headings only: 1 to 6. */
  readonly level: number
  /** Headings only: the title as written. */
  readonly title: string
}

const FENCE = /^\s*(`{3,}|~{3,})([^`]*)$/
const HEADING = /^ {0,3}(#{1,6})(?:[ \t]+(.*?))??(?:[ \t]+#+)?[ \t]*$/
const UNDERLINE = /^ {0,3}(=+|-+)[ \t]*$/
const RULE = /^ {0,3}([-*_])(?:[ \t]*\1){2,}[ \t]*$/
const ITEM = /^ {0,3}(?:[-*+]|\d{1,9}[.)])(?:[ \t]+|$)/
const QUOTE = /^ {0,3}>/
const INDENTED = /^(?: {4}|\t)/
const TABLE_DELIMITER = /^ *\|?(?: *:?-+:? *\|)+ *(?::?-+:? *)?$/

/**
 * Splits `text` from `from` on into blocks, in order and without overlap. A reader's subset of CommonMark: fences,
 * lists with what is nested in them, tables and quotes each stay one block.
 */
export function blocksOf(text: string, from = 0): readonly Block[] {
  const lines = linesOf(text, from)
  const blocks: Block[] = []
  for (let index = 0; index < lines.length;) {
    if (isBlank(lines[index])) {
      index += 1
      continue
    }
    const { kind, until, level = 0, title = '' } = readBlock(lines, index)
    const first = lines[index]
    const last = lines[until - 1]
    if (first && last) blocks.push({ kind, start: first.start, end: last.end, level, title })
    index = until
  }
  return blocks
}

/** Offset after the line that closes the fence opened at `index`, as a line index; the end if it never closes. */
export function fenceEnd(lines: readonly Line[], index: number): number {
  const mark = FENCE.exec(lines[index]?.text ?? '')?.[1] ?? '```'
  const closing = new RegExp(`^\\s*${mark.charAt(0)}{${String(mark.length)},}\\s*$`)
  const found = lines.findIndex((line, at) => at > index && closing.test(line.text))
  return found === -1 ? lines.length : found + 1
}

/** Whether a fence opens on this line. */
export function opensFence(line: Line | undefined): boolean {
  return line !== undefined && FENCE.test(line.text)
}

interface ReadBlock {
  readonly kind: BlockKind
  readonly until: number
  readonly level?: number
  readonly title?: string
}

function readBlock(lines: readonly Line[], index: number): ReadBlock {
  const text = lines[index]?.text ?? ''
  if (opensFence(lines[index])) return { kind: 'code', until: fenceEnd(lines, index) }
  const heading = HEADING.exec(text)
  if (heading)
    return { kind: 'heading', until: index + 1, level: heading[1]?.length ?? 1, title: heading[2] ?? '' }
  if (RULE.test(text)) return { kind: 'rule', until: index + 1 }
  if (INDENTED.test(text)) return { kind: 'code', until: indentedEnd(lines, index) }
  if (ITEM.test(text)) return { kind: 'list', until: listEnd(lines, index) }
  if (QUOTE.test(text)) return { kind: 'quote', until: runEnd(lines, index, (line) => !interrupts(line)) }
  if (startsTable(lines, index)) {
    return { kind: 'table', until: runEnd(lines, index, (line) => line.text.includes('|')) }
  }
  return readParagraph(lines, index)
}

function readParagraph(lines: readonly Line[], index: number): ReadBlock {
  for (let at = index + 1; at < lines.length; at += 1) {
    const line = lines[at]
    if (!line || isBlank(line)) return { kind: 'paragraph', until: at }
    const underline = UNDERLINE.exec(line.text)
    if (underline) {
      const title = lines.slice(index, at).map((part) => part.text.trim())
      const level = underline[1]?.startsWith('=') ? 1 : 2
      return { kind: 'heading', until: at + 1, level, title: title.join(' ') }
    }
    if (interrupts(line) || QUOTE.test(line.text) || startsTable(lines, at))
      return { kind: 'paragraph', until: at }
  }
  return { kind: 'paragraph', until: lines.length }
}

function interrupts(line: Line): boolean {
  return opensFence(line) || HEADING.test(line.text) || RULE.test(line.text) || ITEM.test(line.text)
}

function startsTable(lines: readonly Line[], index: number): boolean {
  const delimiter = lines[index + 1]?.text ?? ''
  return (lines[index]?.text.includes('|') ?? false) && TABLE_DELIMITER.test(delimiter)
}

function runEnd(lines: readonly Line[], index: number, belongs: (line: Line) => boolean): number {
  const end = lines.findIndex((line, at) => at > index && (isBlank(line) || !belongs(line)))
  return end === -1 ? lines.length : end
}

function indentedEnd(lines: readonly Line[], index: number): number {
  let end = index + 1
  for (let at = end; at < lines.length; at += 1) {
    const line = lines[at]
    if (isBlank(line)) continue
    if (!line || !INDENTED.test(line.text)) break
    end = at + 1
  }
  return end
}

/** A list goes on over blank lines as long as what follows is indented or another item. */
function listEnd(lines: readonly Line[], index: number): number {
  let end = index + 1
  for (let at = end; at < lines.length;) {
    const line = lines[at]
    if (!line) break
    const afterBlank = isBlank(lines[at - 1])
    const indented = /^\s/.test(line.text)
    if (isBlank(line)) at += 1
    else if (opensFence(line) && indented) end = at = fenceEnd(lines, at)
    else if (RULE.test(line.text)) break
    else if (ITEM.test(line.text) || indented || (!afterBlank && !interrupts(line))) end = at += 1
    else break
  }
  return end
}
