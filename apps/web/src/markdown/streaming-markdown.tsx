'use client'

import type { Token } from 'marked'
import { memo, useState } from 'react'
import { Blocks } from './blocks'
import { chunksOf, emptyMarkdown, growMarkdown, type SettledMarkdown } from './settled'

export interface StreamingMarkdownProps {
  readonly text: string
  /** Nothing will be added any more. */
  readonly ended: boolean
}

interface Held extends StreamingMarkdownProps {
  readonly grown: SettledMarkdown
}

/** Markdown that grows at its end: each flush lexes, renders and lays out only what can still change. */
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
  return (
    <div className="prose-answer" data-open={!ended} dir="auto">
      {chunksOf(current.grown).map(({ tokens, settled }, index) => (
        <Chunk key={index} tokens={tokens} settled={settled} />
      ))}
    </div>
  )
})

interface ChunkProps {
  readonly tokens: readonly Token[]
  readonly settled: number
}

/** Blocks that the browser need not lay out while they are out of sight. */
const Chunk = memo(function Chunk({ tokens, settled }: ChunkProps) {
  return (
    <div className="prose-chunk">
      <Blocks tokens={tokens} settled={settled} />
    </div>
  )
})
