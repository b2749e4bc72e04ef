import { fenceAfter } from './fence.ts'

/** Inline code is skipped, to its end or the line's; an escaped `[1]` and a link `[1](…)` are no citations. */
const MARK = /(`[^`\n]*(?:`|$))|(?<!\\)\[(\d{1,3})\](?!\()/g
const SENTENCE_END = /[.!?]["”’)\]]*\s+(?=\S)/g

/** A citation as it stands in a text. */
export interface CitationMark {
  readonly n: number
  /** The sentence, or what there is of its line, that it follows. */
  readonly sentence: string
}

/** Reads the citations of a text that arrives bit by bit. */
export interface CitationReader {
  /** The marks that `text` completes. */
  read(text: string): readonly CitationMark[]
}

/** Starts at the beginning of a text. Each character is looked at a bounded number of times. */
export function createCitationReader(): CitationReader {
  let fence: string | undefined
  let lineStart = ''
  let rest = ''
  let sentence = ''
  const readRest = function* (): Generator<CitationMark> {
    let end = 0
    for (const match of rest.matchAll(MARK)) {
      if (match[2] === undefined) continue
      // Marks that follow one another belong to the same sentence.
      sentence = lastSentence(rest.slice(end, match.index)) || sentence
      end = match.index + match[0].length
      yield { n: Number(match[2]), sentence }
    }
    // Code that is still open stays: what follows decides where it ends.
    rest = rest.slice(end)
  }
  return {
    read(text) {
      const marks: CitationMark[] = []
      const lines = text.split('\n')
      for (const [index, part] of lines.entries()) {
        if (index > 0) {
          fence = fenceAfter(fence, lineStart)
          lineStart = rest = sentence = ''
        }
        if (lineStart.length < 80) lineStart += part
        rest += part
        if (part.includes(']') && fenceAfter(fence, lineStart) === undefined) marks.push(...readRest())
      }
      return marks
    },
  }
}

/** All citations of a whole text, in their order. */
export function citationMarks(markdown: string): readonly CitationMark[] {
  return createCitationReader().read(markdown)
}

function lastSentence(text: string): string {
  const bare = text.trim().replace(/^[.,;:!?)\s]+/, '')
  const starts = [...bare.slice(0, -1).matchAll(SENTENCE_END)].map((match) => match.index + match[0].length)
  return bare.slice(starts.at(-1) ?? 0).trim()
}
