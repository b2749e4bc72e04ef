'use client'

import { useCallback, useRef, type FocusEvent, type RefCallback } from 'react'

/** Where the focus goes when `target`, within `part`, goes away: asked while it is there, answered when it is not. */
export type Rescue = (part: Element, target: Element) => () => HTMLElement | null | undefined

export interface FocusKeeper {
  /** Of the part of the page that it looks after, whenever that is there. */
  readonly ref: RefCallback<HTMLElement>
  readonly onFocus: (event: FocusEvent) => void
}

/**
 * Puts the focus where one goes on when the thing that had it goes away, so that a keyboard is never lost on the page.
 *
 * @param rescue the same function at every render
 */
export function useFocusKeeper(rescue: Rescue): FocusKeeper {
  const last = useRef<{ readonly target: Element; readonly next: ReturnType<Rescue> }>(null)
  const ref = useCallback((part: HTMLElement | null) => {
    if (part === null) return
    const keep = (): void => {
      const lost = last.current
      if (lost === null || lost.target.isConnected || document.activeElement !== document.body) return
      last.current = null
      lost.next()?.focus({ preventScroll: true })
    }
    // What had it also goes when nothing renders: turns of a long conversation, by scrolling.
    const observer = new MutationObserver(keep)
    observer.observe(part, { childList: true, subtree: true })
    return () => {
      observer.disconnect()
    }
  }, [])
  const onFocus = useCallback(
    ({ currentTarget, target }: FocusEvent) => {
      last.current = { target, next: rescue(currentTarget, target) }
    },
    [rescue],
  )
  return { ref, onFocus }
}

/** Into the prompt; into the transcript where writing opens a keyboard on the screen. */
export const toPrompt: Rescue = (part) => () => {
  const writes = matchMedia('(pointer: fine)').matches
  return part.querySelector<HTMLElement>(writes ? '#prompt' : '[role=log]')
}

/** To the link that comes to stand where the one was that is gone, else to the last. */
export const toNextLink: Rescue = (part, target) => {
  const links = (): readonly HTMLElement[] => [...part.querySelectorAll<HTMLElement>('a[data-session]')]
  const at = links().findIndex((link) => link.closest('li')?.contains(target))
  return () => links()[at] ?? links().at(-1)
}
