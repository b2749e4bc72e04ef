import { normaliseText } from '../library/normalise.ts'

/** A piece of text as it is placed on a page; the origin is at the bottom left. */
export interface PlacedText {
  readonly text: string
  readonly x: number
  readonly y: number
  readonly width: number
  /** Height of its letters. */
  readonly size: number
  /** Whether a line ends after it. */
  readonly endsLine: boolean
}

interface PrintedLine {
  readonly text: string
  readonly y: number
  readonly size: number
}

/** A gap between lines of this many line heights begins a paragraph, */
const PARAGRAPH_GAP = 1.75
/** letters larger than the text by this are a heading, */
const HEADING_SIZE = 1.15
/** unless the line is longer. */
const MAX_HEADING = 120
const WORD_GAP = 0.2

/** What a page says, as Markdown: lines joined to paragraphs, words that were broken made whole, headings by size. */
export function pageText(items: readonly PlacedText[]): string {
  const lines = linesOfPage(items)
  const body = commonSize(lines)
  const blocks: string[] = []
  let before: PrintedLine | undefined
  for (const line of lines) {
    const heading = line.size >= body * HEADING_SIZE && line.text.length <= MAX_HEADING
    const last = blocks.length - 1
    if (before === undefined || heading || startsParagraph(before, line))
      blocks.push(heading ? `## ${line.text}` : shown(line))
    else blocks[last] = joinLines(blocks[last] ?? '', line.text)
    before = line
  }
  return normaliseText(blocks.join('\n\n'))
}

function startsParagraph(before: PrintedLine, line: PrintedLine): boolean {
  const height = Math.max(before.size, line.size, 1)
  const gap = before.y - line.y
  return gap > height * PARAGRAPH_GAP || gap < -height || before.size !== line.size || isItem(line.text)
}

/** A bullet becomes Markdown's. */
function shown({ text }: PrintedLine): string {
  return text.replace(/^[•▪◦‣●]\s*/, '- ')
}

function isItem(text: string): boolean {
  return /^[•▪◦‣●]/.test(text)
}

function joinLines(text: string, next: string): string {
  // A hyphen at the end of a line before a small letter was put there by the printer.
  if (/\p{L}-$/u.test(text) && /^\p{Ll}/u.test(next)) return text.slice(0, -1) + next
  return `${text} ${next}`
}

function linesOfPage(items: readonly PlacedText[]): readonly PrintedLine[] {
  const lines: PrintedLine[] = []
  let text = ''
  let first: PlacedText | undefined
  let last: PlacedText | undefined
  const flush = () => {
    const whole = text.replace(/\s+/g, ' ').trim()
    if (first !== undefined && whole !== '') lines.push({ text: whole, y: first.y, size: round(first.size) })
    text = ''
    first = last = undefined
  }
  for (const item of items) {
    if (last !== undefined && Math.abs(item.y - last.y) > Math.max(last.size, item.size, 1) / 2) flush()
    if (last !== undefined && item.x - (last.x + last.width) > last.size * WORD_GAP) text += ' '
    text += item.text
    if (item.text.trim() !== '') {
      first ??= item
      last = item
    }
    if (item.endsLine) flush()
  }
  flush()
  return lines
}

/** The size that most letters have. */
function commonSize(lines: readonly PrintedLine[]): number {
  const letters = new Map<number, number>()
  for (const { size, text } of lines) letters.set(size, (letters.get(size) ?? 0) + text.length)
  return [...letters].sort((a, b) => b[1] - a[1])[0]?.[0] ?? 0
}

function round(size: number): number {
  return Math.round(size * 2) / 2
}
