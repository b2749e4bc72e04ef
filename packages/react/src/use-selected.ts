import type { Readable } from '@throughline/client'
import { useMemo, useSyncExternalStore } from 'react'

const watchNothing = () => () => undefined

/** What a hook reads from: nothing is opened while `enabled` is false. */
export interface Selection<S, T> {
  readonly source: Readable<S>
  readonly enabled: boolean
  readonly select: (snapshot: S) => T
}

/**
 * A part of a snapshot. It renders again only when that part is another; a `select` that makes new objects renders
 * again with each snapshot, never more often.
 */
export function useSelected<S, T>({ source, enabled, select }: Selection<S, T>): T {
  const [read, readInitial] = useMemo(
    () => [remembered(source.getSnapshot, select), remembered(source.getInitialSnapshot, select)] as const,
    [source, select],
  )
  return useSyncExternalStore(enabled ? source.subscribe : watchNothing, read, readInitial)
}

function remembered<S, T>(read: () => S, select: (snapshot: S) => T): () => T {
  let last: { readonly from: S; readonly value: T } | undefined
  return () => {
    const from = read()
    if (last?.from !== from) last = { from, value: select(from) }
    return last.value
  }
}
