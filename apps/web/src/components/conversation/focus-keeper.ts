'use client'

import { useCallback, useRef, type FocusEvent, type RefCallback } from 'react'

export interface FocusKeeper {
  /** Of the part of the page that it looks after, whenever that is there. */
  readonly ref: RefCallback<HTMLElement>
  readonly onFocus: (event: FocusEvent) => void
}

/**
 * Puts the focus where one goes on when the thing that had it goes away, so that a keyboard is never lost on the page:
 * into the prompt, or into the transcript where writing opens a keyboard on the screen.
 */
export function useFocusKeeper(): FocusKeeper {
  const last = useRef<Element>(null)
  const ref = useCallback((part: HTMLElement | null) => {
    if (part === null) return
    const keep = (): void => {
      const gone = last.current !== null && !last.current.isConnected
      if (!gone || document.activeElement !== document.body) return
      last.current = null
      const writes = matchMedia('(pointer: fine)').matches
      const next = part.querySelector<HTMLElement>(writes ? '#prompt' : '[role=log]')
      next?.focus({ preventScroll: true })
    }
    // Turns also go when nothing renders: those of a long conversation, by scrolling.
    const observer = new MutationObserver(keep)
    observer.observe(part, { childList: true, subtree: true })
    return () => {
      observer.disconnect()
    }
  }, [])
  const onFocus = useCallback((event: FocusEvent) => {
    last.current = event.target
  }, [])
  return { ref, onFocus }
}
