/** The newest so many things, oldest first when asked. */
export interface Ring<T> {
  push(item: T): void
  recent(count?: number): readonly T[]
  clear(): void
}

/** @param capacity default 1,000 */
export function createRing<T>(capacity = 1_000): Ring<T> {
  let items: T[] = []
  return {
    push(item) {
      items.push(item)
      // Cut at twice the size, so that a push costs no copy.
      if (items.length >= 2 * capacity) items = items.slice(-capacity)
    },
    recent: (count = 50) => (count > 0 ? items.slice(-Math.min(count, capacity)) : []),
    clear() {
      items = []
    },
  }
}
