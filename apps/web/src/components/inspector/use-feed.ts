'use client'

import type { StreamClient } from '@throughline/client'
import {
  createInspection,
  exportCapture,
  importCapture,
  type Capture,
  type Inspection,
  type InspectionEntry,
} from '@throughline/client/inspect'
import { useStreamClient } from '@throughline/react'
import { useState, useSyncExternalStore } from 'react'

const NONE: readonly InspectionEntry[] = []

/** What the inspector shows: the line as it is, held still, or as it once was. */
export interface Feed {
  readonly entries: readonly InspectionEntry[]
  /** What is held still or was loaded, to be stepped through. */
  readonly capture: Capture | undefined
  readonly mode: 'live' | 'paused' | 'recorded'
  pause(): void
  resume(): void
  /** The capture as the text of a file. */
  save(): string
  /** Shows a file instead of the line. @throws StreamError when it is no capture */
  load(text: string): void
}

/** Notes what happens on the line for as long as the inspector is open. */
export function useFeed(): Feed {
  const client = useStreamClient()
  const [line] = useState(() => createLine(client))
  const [held, setHeld] = useState<{ readonly capture: Capture; readonly recorded: boolean }>()
  const live = useSyncExternalStore(line.subscribe, line.getSnapshot, () => NONE)
  const capture = held?.capture
  return {
    entries: capture?.entries ?? live,
    capture,
    mode: held === undefined ? 'live' : held.recorded ? 'recorded' : 'paused',
    pause() {
      setHeld({ capture: line.capture(), recorded: false })
    },
    resume() {
      setHeld(undefined)
    },
    save: () => exportCapture(capture ?? line.capture()),
    load(text) {
      setHeld({ capture: importCapture(text), recorded: true })
    },
  }
}

interface Line {
  subscribe(listener: () => void): () => void
  getSnapshot(): readonly InspectionEntry[]
  capture(): Capture
}

/** An inspection that is open while somebody looks at it. */
function createLine(client: StreamClient): Line {
  let inspection: Inspection | undefined
  return {
    subscribe(listener) {
      const opened = createInspection(client)
      inspection = opened
      const leave = opened.subscribe(listener)
      return () => {
        leave()
        opened.close()
      }
    },
    getSnapshot: () => inspection?.getSnapshot() ?? NONE,
    capture: () => inspection?.capture() ?? { takenAt: Date.now(), bases: [], entries: [] },
  }
}
