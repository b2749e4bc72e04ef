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

/** What happens within this is told in one breath, ms: a region that changes faster is not read out. */
const BREATH_MS = 250
/** Lines told in one breath; of more, the newest. */
const MAX_WAITING = 6

let waiting: string[] = []

/** Tells a screen reader, politely, one line; also one that it told before. */
export function announce(text: string): void {
  if (waiting.length === 0) setTimeout(tell, BREATH_MS)
  waiting = [...waiting, text].slice(-MAX_WAITING)
}

function tell(): void {
  const text = waiting.join('. ')
  waiting = []
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
