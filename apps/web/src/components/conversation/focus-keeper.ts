'use client'

import { useEffect, useRef, type FocusEvent, type RefObject } from 'react'

export interface FocusKeeper {
  /** The part of the page that it looks after. */
  readonly ref: RefObject<HTMLDivElement | null>
  readonly onFocus: (event: FocusEvent) => void
}

/** Puts the focus into the prompt when the thing that had it goes away, so that a keyboard is never lost on the page. */
export function useFocusKeeper(): FocusKeeper {
  const ref = useRef<HTMLDivElement>(null)
  const last = useRef<Element>(null)
  useEffect(() => {
    const keep = (): void => {
      const gone = last.current !== null && !last.current.isConnected
      if (!gone || document.activeElement !== document.body) return
      last.current = null
      document.getElementById('prompt')?.focus({ preventScroll: true })
    }
    // Turns also go when nothing renders: those of a long conversation, by scrolling.
    const observer = new MutationObserver(keep)
    if (ref.current !== null) observer.observe(ref.current, { childList: true, subtree: true })
    return () => {
      observer.disconnect()
    }
  }, [])
  return {
    ref,
    onFocus: (event) => {
      last.current = event.target
    },
  }
}
