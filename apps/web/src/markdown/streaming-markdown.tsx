'use client'

import { memo, useState } from 'react'
import { Blocks } from './blocks'
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
  return (
    <div className="prose-answer" data-open={!ended} dir="auto">
      <Settled tokens={current.grown.settled} />
      <Blocks tokens={current.grown.open} />
    </div>
  )
})

const Settled = memo(Blocks)
