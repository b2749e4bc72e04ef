'use client'

import type { Citation } from '@throughline/protocol'
import { createContext, use, useLayoutEffect, useState, useSyncExternalStore, type ReactNode } from 'react'

/** What the chips of one answer cite, told chip by chip: a source that comes late renders those alone that name it. */
interface CitationSource {
  find(n: number): Citation | undefined
  subscribe(listener: () => void): () => void
  set(cited: Cited): void
  open(citation: Citation): void
}

interface Cited {
  readonly list: readonly Citation[]
  /** Shows the passage that a citation quotes. */
  readonly open: (citation: Citation) => void
}

const CitationsContext = createContext(createSource({ list: [], open: () => undefined }))

/** Tells the chips of the answer below what they cite. */
export function CitationsProvider({ list, open, children }: Cited & { readonly children: ReactNode }) {
  const [source] = useState(() => createSource({ list, open }))
  useLayoutEffect(() => {
    source.set({ list, open })
  }, [source, list, open])
  return <CitationsContext value={source}>{children}</CitationsContext>
}

/** Source `n` of the answer around, once it is known, and how to show what it quotes. */
export function useCitation(n: number): readonly [Citation | undefined, (citation: Citation) => void] {
  const source = use(CitationsContext)
  const find = () => source.find(n)
  return [useSyncExternalStore(source.subscribe, find, find), source.open]
}

function createSource(initial: Cited): CitationSource {
  const listeners = new Set<() => void>()
  let cited = initial
  let byNumber = numbered(initial.list)
  return {
    find: (n) => byNumber.get(n),
    subscribe(listener) {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
    set(next) {
      const isSame = next.list === cited.list
      cited = next
      if (isSame) return
      byNumber = numbered(next.list)
      for (const listener of [...listeners]) listener()
    },
    open: (citation) => {
      cited.open(citation)
    },
  }
}

function numbered(list: readonly Citation[]): ReadonlyMap<number, Citation> {
  return new Map(list.map((citation) => [citation.n, citation]))
}
