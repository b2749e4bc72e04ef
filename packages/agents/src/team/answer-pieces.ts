import { fenceAfter } from './fence.ts'

/** A sentence's end with its citations and the space after it. */
const SENTENCE_END = /[.!?]["”’)*_\]]*(?:\s*\[\d{1,3}\])*[ \t]+(?=\S)(?!\[\d{1,3}\])/g

/**
 * Cuts an answer into the pieces it is streamed in: sentences, and lines inside code. Joined they are the text again.
 */
export function answerPieces(markdown: string): readonly string[] {
  const pieces: string[] = []
  let fence: string | undefined
  for (const line of markdown.split(/(?<=\n)/)) {
    const after = fenceAfter(fence, line)
    const parts = fence === undefined && after === undefined ? sentences(line) : [line]
    fence = after
    // Empty lines go with what precedes them: a piece of nothing is no news.
    if (line.trim() === '' && pieces.length > 0) pieces.push((pieces.pop() ?? '') + line)
    else pieces.push(...parts)
  }
  return pieces
}

function sentences(line: string): readonly string[] {
  const ends = [...line.matchAll(SENTENCE_END)].map((match) => match.index + match[0].length)
  return [...ends, line.length]
    .map((end, index) => line.slice(ends[index - 1] ?? 0, end))
    .filter((part) => part !== '')
}
