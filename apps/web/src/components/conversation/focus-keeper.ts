'use client'

import { useEffect, useRef, type FocusEvent } from 'react'

export interface FocusKeeper {
  readonly onFocus: (event: FocusEvent) => void
}

/** Puts the focus into the prompt when the thing that had it goes away, so that a keyboard is never lost on the page. */
export function useFocusKeeper(): FocusKeeper {
  const last = useRef<Element>(null)
  useEffect(() => {
    const gone = last.current !== null && !last.current.isConnected
    if (!gone || document.activeElement !== document.body) return
    last.current = null
    document.getElementById('prompt')?.focus({ preventScroll: true })
  })
  return {
    onFocus: (event) => {
      last.current = event.target
    },
  }
}
