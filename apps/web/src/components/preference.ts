'use client'

import { useCallback, useSyncExternalStore } from 'react'

const listeners = new Set<() => void>()

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  addEventListener('storage', listener)
  return () => {
    listeners.delete(listener)
    removeEventListener('storage', listener)
  }
}

/** What a person chose in this browser under `name`; `null` before they did. */
export function usePreference(name: string): readonly [string | null, (value: string | null) => void] {
  const key = `throughline.${name}`
  const value = useSyncExternalStore(
    subscribe,
    () => read(key),
    () => null,
  )
  const set = useCallback(
    (chosen: string | null) => {
      write(key, chosen)
      for (const listener of [...listeners]) listener()
    },
    [key],
  )
  return [value, set]
}

/** Choices of this page, also where storage is off. */
const held = new Map<string, string | null>()

function read(key: string): string | null {
  try {
    return localStorage.getItem(key)
  } catch {
    return held.get(key) ?? null
  }
}

function write(key: string, value: string | null): void {
  held.set(key, value)
  try {
    if (value === null) localStorage.removeItem(key)
    else localStorage.setItem(key, value)
  } catch {
    // Storage is off: the choice holds for this page.
  }
}
