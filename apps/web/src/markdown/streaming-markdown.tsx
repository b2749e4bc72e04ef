'use client'

import type { Token } from 'marked'
import { memo, useState, type ReactNode } from 'react'
import { Blocks } from './blocks'
import { SettledProvider } from './settled-context'
import { emptyMarkdown, growMarkdown, type SettledMarkdown } from './settled'

export interface StreamingMarkdownProps {
  readonly text: string
  /** Nothing will be added any more. */
  readonly ended: boolean
}

interface Held extends StreamingMarkdownProps {
  readonly grown: SettledMarkdown
}

/** Markdown that grows at its end: each flush lexes and renders only what can still change. */
export const StreamingMarkdown = memo(function StreamingMarkdown({ text, ended }: StreamingMarkdownProps) {
  const [held, setHeld] = useState<Held>(() => ({
    text,
    ended,
    grown: growMarkdown(emptyMarkdown, text, ended),
  }))
  let current = held
  if (held.text !== text || held.ended !== ended) {
    // State derived while rendering, as React has it for a value that grows with a prop.
    current = { text, ended, grown: growMarkdown(held.grown, text, ended) }
    setHeld(current)
  }
  const { settled, open } = current.grown
  return (
    <div className="prose-answer" data-open={!ended} dir="auto">
      <SettledProvider value>{chunksOf(settled)}</SettledProvider>
      <Blocks tokens={open} />
    </div>
  )
})

/** Blocks that are rendered, and skipped when nothing in them changed, together. */
const CHUNK = 32

function chunksOf(settled: readonly Token[]): ReactNode {
  const chunks: ReactNode[] = []
  for (let from = 0; from < settled.length; from += CHUNK) {
    chunks.push(
      <Chunk key={from} settled={settled} from={from} to={Math.min(from + CHUNK, settled.length)} />,
    )
  }
  return chunks
}

interface ChunkProps {
  readonly settled: readonly Token[]
  readonly from: number
  readonly to: number
}

/** A stretch of a list that only grows: with the same ends it holds the same blocks. */
const Chunk = memo(
  ({ settled, from, to }: ChunkProps) => <Blocks tokens={settled.slice(from, to)} />,
  (before, after) =>
    before.from === after.from &&
    before.to === after.to &&
    before.settled[before.from] === after.settled[after.from],
)
Chunk.displayName = 'Chunk'
