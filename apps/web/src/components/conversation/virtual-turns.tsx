'use client'

import type { ReactElement } from 'react'
import { useState } from 'react'
import { Virtualizer } from 'virtua'
import { useChatScroll } from '../ui/chat-container'

/** Turns of a long conversation: only those near the reader are in the page. */
export default function VirtualTurns({ children }: { children: readonly ReactElement[] }) {
  const { viewport } = useChatScroll()
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
      bufferSize={900}
      {...(kept >= 0 && { keepMounted: [kept] })}
    >
      {children.map((turn) => (
        <div
          key={turn.key}
          className="pb-7"
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
