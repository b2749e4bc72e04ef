/** One line of a text and its offsets; `end` is before the line break, `next` after it. */
export interface Line {
  readonly text: string
  readonly start: number
  readonly end: number
  readonly next: number
}

/** The lines of `text` from `from` to `to`, with offsets into `text`. */
export function linesOf(text: string, from = 0, to = text.length): readonly Line[] {
  const lines: Line[] = []
  for (let start = from; start < to;) {
    const newline = text.indexOf('\n', start)
    const end = newline === -1 || newline >= to ? to : newline
    lines.push({ text: text.slice(start, end), start, end, next: end + 1 })
    start = end + 1
  }
  return lines
}

/** Whether the line holds nothing but white space. */
export function isBlank(line: Line | undefined): boolean {
  return line === undefined || line.text.trim() === ''
}
