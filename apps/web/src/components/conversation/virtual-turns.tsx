'use client'

import type { ReactElement } from 'react'
import { useState } from 'react'
import { Virtualizer } from 'virtua'
import { useChatScroll } from '../ui/chat-container'

/** What stands above the turns: the room of `OlderTurns` and of the transcript's beginning, in `rem`. */
const ABOVE_REM = 5

/** Turns of a long conversation: only those near the reader are in the page. */
export default function VirtualTurns({ children }: { children: readonly ReactElement[] }) {
  const { viewport } = useChatScroll()
  const [startMargin] = useState(() => ABOVE_REM * remOf(document))
  const first = children[0]?.key
  const count = children.length
  // What is put before the reader must not move them; what is put after them must not, either.
  const [held, setHeld] = useState({ first, count, isBefore: false })
  if (held.first !== first || held.count !== count) setHeld({ first, count, isBefore: held.first !== first })
  // The turn that has the focus stays in the page however far the reader is: a keyboard is not thrown out of it.
  const [focused, setFocused] = useState<string | null>(null)
  const kept = children.findIndex(({ key }) => key === focused)
  return (
    <Virtualizer
      scrollRef={viewport}
      shift={held.isBefore}
      startMargin={startMargin}
      bufferSize={900}
      {...(kept >= 0 && { keepMounted: [kept] })}
    >
      {children.map((turn) => (
        <div
          key={turn.key}
          // The list itself leaves out what is far; what it measures is to be as high as it will be.
          className="pb-7 [&_article]:[content-visibility:visible]"
          onFocus={() => {
            setFocused(turn.key)
          }}
          onBlur={() => {
            setFocused((now) => (now === turn.key ? null : now))
          }}
        >
          {turn}
        </div>
      ))}
    </Virtualizer>
  )
}

function remOf({ documentElement }: Document): number {
  return Number.parseFloat(getComputedStyle(documentElement).fontSize)
}
