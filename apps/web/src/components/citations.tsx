'use client'

import type { Citation } from '@throughline/protocol'
import { createContext, use } from 'react'

export interface Citations {
  readonly list: readonly Citation[]
  /** Shows the passage that a citation quotes. */
  open(citation: Citation): void
}

const CitationsContext = createContext<Citations>({ list: [], open: () => undefined })

/** Tells the chips of one answer what they cite. */
export const CitationsProvider = CitationsContext

/** The citations of the answer around. */
export const useCitations = (): Citations => use(CitationsContext)
