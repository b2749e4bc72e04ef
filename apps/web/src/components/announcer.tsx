'use client'

import { useSyncExternalStore } from 'react'

const listeners = new Set<() => void>()
let line = ''

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  return () => {
    listeners.delete(listener)
  }
}

/** Tells a screen reader, politely, one line; also one that it told before. */
export function announce(text: string): void {
  // A region that stays the same is not read again.
  line = line === text ? `${text}\u00a0` : text
  for (const listener of [...listeners]) listener()
}

/** The one polite line of the page. */
export function Announcer() {
  const text = useSyncExternalStore(
    subscribe,
    () => line,
    () => '',
  )
  return (
    <p role="status" aria-live="polite" data-testid="status-line" className="sr-only">
      {text}
    </p>
  )
}
