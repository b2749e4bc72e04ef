'use client'

import { useRef, type ReactNode } from 'react'
import { useInspectorStrings } from '@/text/inspector-strings'
import { useToast } from '../ui/toast'
import type { Feed } from './use-feed'

export interface LoadCapture {
  /** Shows a file; says so when it is no capture. */
  load(file: File | undefined): Promise<void>
  /** Lets the person choose one. */
  picker(): void
  /** What the choosing needs, unseen; to be rendered beside its button. */
  readonly input: ReactNode
}

/** The way from a file to what the inspector shows. */
export function useLoadCapture(feed: Feed, onLoaded: () => void = () => undefined): LoadCapture {
  const text = useInspectorStrings()
  const file = useRef<HTMLInputElement>(null)
  const toasts = useToast()
  const load = async (chosen: File | undefined) => {
    if (chosen === undefined) return
    try {
      feed.load(await chosen.text())
      onLoaded()
    } catch {
      toasts.add({ title: text.notACapture, priority: 'high' })
    }
  }
  return {
    load,
    picker: () => file.current?.click(),
    input: (
      <input
        ref={file}
        type="file"
        hidden
        accept="application/json,.json"
        aria-label={text.loadCapture}
        onChange={(event) => {
          const [chosen] = event.target.files ?? []
          void load(chosen)
          event.target.value = ''
        }}
      />
    ),
  }
}
