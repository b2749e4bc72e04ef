import { fenceEnd, opensFence } from './blocks.ts'
import { linesOf } from './lines.ts'

/** A Markdown text taken apart: what it says, and the samples it shows. */
export interface ProseAndCode {
  readonly prose: string
  readonly code: string
}

/** Parts fenced code from prose: `export` in a sample says nothing about exporting. Inline code is prose. */
export function proseAndCode(text: string): ProseAndCode {
  const lines = linesOf(text)
  const prose: string[] = []
  const code: string[] = []
  for (let index = 0; index < lines.length;) {
    const until = opensFence(lines[index]) ? fenceEnd(lines, index) : index
    if (until === index) prose.push(lines[index]?.text ?? '')
    else code.push(...lines.slice(index, until).map((line) => line.text))
    index = Math.max(until, index + 1)
  }
  return { prose: prose.join('\n'), code: code.join('\n') }
}
