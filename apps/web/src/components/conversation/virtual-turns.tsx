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
  return (
    <Virtualizer scrollRef={viewport} shift={held.isBefore} bufferSize={900}>
      {children.map((turn) => (
        <div key={turn.key} className="pb-7">
          {turn}
        </div>
      ))}
    </Virtualizer>
  )
}
