import { textLength } from './text-length.ts'

/** Characters of text in all that a ring holds. */
const MAX_LENGTH = 2_097_152

/** The newest so many things, oldest first when asked. */
export interface Ring<T> {
  push(item: T): void
  recent(count?: number): readonly T[]
  clear(): void
}

/**
 * A ring of at most `capacity` things (default 1,000) with at most `maxLength` characters of text in them (default 2 Mi); the
 * newest is always held.
 */
export function createRing<T>(capacity = 1_000, maxLength = MAX_LENGTH): Ring<T> {
  let held: { readonly item: T; readonly length: number }[] = []
  let total = 0

  const trim = (): void => {
    let excess = Math.max(0, held.length - capacity)
    for (const [at, { length }] of held.entries()) {
      if (at >= excess && (total <= maxLength || at === held.length - 1)) break
      excess = Math.max(excess, at + 1)
      total -= length
    }
    held = held.slice(excess)
  }

  return {
    push(item) {
      const length = textLength(item)
      held.push({ item, length })
      total += length
      // Cut at twice the size, so that a push costs no copy.
      if (held.length >= 2 * capacity || total >= 2 * maxLength) trim()
    },
    recent(count = 50) {
      trim()
      return count > 0 ? held.slice(-count).map(({ item }) => item) : []
    },
    clear() {
      held = []
      total = 0
    },
  }
}
