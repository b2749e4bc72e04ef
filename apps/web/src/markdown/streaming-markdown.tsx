'use client'

import type { Token } from 'marked'
import { memo, useEffect, useRef, useState } from 'react'
import { Blocks } from './blocks'
import { KeepSelection } from './keep-selection'
import { chunksOf, emptyMarkdown, growMarkdown, type SettledMarkdown } from './settled'

export interface StreamingMarkdownProps {
  readonly text: string
  /** Nothing will be added any more. */
  readonly ended: boolean
}

/** Characters that are added to what is shown in one go: a frame's work. What comes at once, after a reload, takes several. */
const STEP = 16_384

interface Held extends StreamingMarkdownProps {
  /** Counts what was shown without any news, because there is more than one step of it. */
  readonly turn: number
  /** So much of the text is shown. */
  readonly length: number
  readonly grown: SettledMarkdown
}

/** Markdown that grows at its end: each flush lexes, renders and lays out only what can still change. */
export const StreamingMarkdown = memo(function StreamingMarkdown({ text, ended }: StreamingMarkdownProps) {
  const root = useRef<HTMLDivElement>(null)
  const [turn, setTurn] = useState(0)
  const [held, setHeld] = useState(() => step({ length: 0, grown: emptyMarkdown }, { text, ended, turn }))
  let current = held
  if (held.text !== text || held.ended !== ended || held.turn !== turn) {
    // State derived while rendering, as React has it for a value that grows with a prop.
    current = step(held, { text, ended, turn })
    setHeld(current)
  }
  const { length, grown } = current
  const isBehind = length < text.length
  useEffect(() => {
    if (!isBehind) return
    const timer = setTimeout(() => {
      setTurn((last) => last + 1)
    }, 0)
    return () => {
      clearTimeout(timer)
    }
  }, [isBehind, length])
  return (
    <div ref={root} className="prose-answer" data-open={!ended || isBehind} dir="auto">
      <KeepSelection root={root}>
        {chunksOf(grown).map(({ tokens, settled }, index) => (
          <Chunk key={index} tokens={tokens} settled={settled} />
        ))}
      </KeepSelection>
    </div>
  )
})

function step(before: Pick<Held, 'length' | 'grown'>, next: Omit<Held, 'length' | 'grown'>): Held {
  const { text, ended } = next
  const length = Math.min(text.length, before.length + STEP)
  const grown = growMarkdown(before.grown, text.slice(0, length), ended && length === text.length)
  return { ...next, length, grown }
}

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
