'use client'

import { useCallback, useSyncExternalStore } from 'react'

const listeners = new Set<() => void>()
/** What is typed in this page, also where storage is off. */
const held = new Map<string, string>()

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  return () => {
    listeners.delete(listener)
  }
}

function read(key: string): string {
  const known = held.get(key)
  if (known !== undefined) return known
  try {
    return sessionStorage.getItem(key) ?? ''
  } catch {
    return ''
  }
}

function write(key: string, text: string): void {
  held.set(key, text)
  try {
    if (text === '') sessionStorage.removeItem(key)
    else sessionStorage.setItem(key, text)
  } catch {
    // Storage is off or full: the draft lives as long as the page.
  }
  for (const listener of listeners) listener()
}

/** A text not sent yet; it survives a reload of this tab. */
export function useDraft(name: string): readonly [string, (value: string) => void] {
  const key = `throughline.draft.${name}`
  const value = useSyncExternalStore(
    subscribe,
    () => read(key),
    () => '',
  )
  const set = useCallback(
    (text: string) => {
      write(key, text)
    },
    [key],
  )
  return [value, set]
}
