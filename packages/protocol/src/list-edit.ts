/** A list being changed: the original stays as it was, and entries that are not put keep their identity. */
export interface ListEdit<T> {
  get(id: string): T | undefined
  /** The entry of this id, if it has not ended. */
  getOpen(id: string): T | undefined
  /** The entries that have not ended, in the order they began. */
  open(): readonly T[]
  /** Puts an entry where the one of the same id stands, else at the end. */
  put(entry: T): void
  /** Changes the entry of this id, if it has not ended. */
  change(id: string, change: (entry: T) => Partial<T>): void
  /** Whether there was one to remove. */
  remove(id: string): boolean
  /** The list as it is now; the original itself when nothing was put or removed. */
  entries(): readonly T[]
}

/**
 * Begins to change a list.
 *
 * What changes stands near the end, and is looked for from there. A batch costs one copy, and a set of all ids if
 * something is removed or begins.
 */
export function editList<T extends { readonly id: string }>(
  original: readonly T[],
  isOpen: (entry: T) => boolean,
): ListEdit<T> {
  let list = original
  let copy: T[] | undefined
  let ids: Set<string> | undefined

  const find = (id: string): number =>
    ids?.has(id) === false ? -1 : list.findLastIndex((entry) => entry.id === id)
  const get = (id: string): T | undefined => list[find(id)]
  const getOpen = (id: string): T | undefined => {
    const entry = get(id)
    return entry && isOpen(entry) ? entry : undefined
  }
  const put = (entry: T): void => {
    const place = find(entry.id)
    list = copy ??= [...list]
    if (place < 0) {
      copy.push(entry)
      ids?.add(entry.id)
    } else copy[place] = entry
  }
  return {
    get,
    getOpen,
    open: () => list.filter(isOpen),
    put,
    change(id, change) {
      const entry = getOpen(id)
      if (entry) put({ ...entry, ...change(entry) })
    },
    remove(id) {
      ids ??= new Set(list.map((entry) => entry.id))
      if (!ids.delete(id)) return false
      list = copy = list.filter((entry) => entry.id !== id)
      return true
    },
    entries: () => list,
  }
}
