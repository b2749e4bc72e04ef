'use client'

import { useCallback, useSyncExternalStore } from 'react'

const PREFIX = 'throughline.draft.'

/** The name of what is typed on the first screen. */
export const HOME_DRAFT = 'home'

const listeners = new Set<() => void>()
/** What storage did not take: it is off or full. */
const held = new Map<string, string>()

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  return () => {
    listeners.delete(listener)
  }
}

/** The text kept under `name`; empty when there is none. */
export function readDraft(name: string): string {
  return held.get(name) ?? stored(name)
}

/** Keeps a text not sent yet over a reload of this tab. */
export function writeDraft(name: string, text: string): void {
  held.delete(name)
  try {
    if (text === '') sessionStorage.removeItem(PREFIX + name)
    else sessionStorage.setItem(PREFIX + name, text)
  } catch {
    // It lives as long as the page.
    if (text !== '') held.set(name, text)
  }
  for (const listener of [...listeners]) listener()
}

/** Puts a text that could not be sent back before what was typed since. */
export function returnDraft(name: string, text: string): void {
  writeDraft(name, joined([text, readDraft(name)], ' '))
}

/** Takes what is typed in one place along to another. */
export function moveDraft(from: string, to: string): void {
  const text = readDraft(from)
  if (text === '') return
  writeDraft(from, '')
  writeDraft(to, joined([readDraft(to), text], '\n'))
}

/** Forgets everything: somebody signed out. */
export function forgetDrafts(): void {
  held.clear()
  try {
    const keys = Array.from({ length: sessionStorage.length }, (_, at) => sessionStorage.key(at))
    for (const key of keys) if (key?.startsWith(PREFIX) === true) sessionStorage.removeItem(key)
  } catch {
    // Storage is off: there is nothing.
  }
  for (const listener of [...listeners]) listener()
}

/** A text not sent yet. It survives a reload of this tab, and whatever takes its field out of the page meanwhile. */
export function useDraft(name: string): readonly [string, (value: string) => void] {
  const value = useSyncExternalStore(
    subscribe,
    () => readDraft(name),
    () => '',
  )
  const set = useCallback(
    (text: string) => {
      writeDraft(name, text)
    },
    [name],
  )
  return [value, set]
}

function joined(texts: readonly string[], by: string): string {
  return texts.filter((text) => text !== '').join(by)
}

function stored(name: string): string {
  try {
    return sessionStorage.getItem(PREFIX + name) ?? ''
  } catch {
    return ''
  }
}
