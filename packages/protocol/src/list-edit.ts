/** A list being changed: the original stays as it was, and entries that are not put keep their identity. */
export interface ListEdit<T> {
  get(id: string): T | undefined
  /** The entry of this id, if it has not ended. */
  getOpen(id: string): T | undefined
  /** The entries that have not ended, in the order they began. */
  open(): readonly T[]
  /** Puts an entry where the one of the same id stands, else at the end. */
  put(entry: T): void
  /** Whether there was one to remove. */
  remove(id: string): boolean
  /** The list as it is now; the original itself when nothing was put or removed. */
  entries(): readonly T[]
}

/**
 * Begins to change a list.
 *
 * A batch costs one walk to find what is open, one copy, and one index of the rest if something begins; each
 * change after that is constant work.
 */
export function editList<T extends { readonly id: string }>(
  original: readonly T[],
  isOpen: (entry: T) => boolean,
): ListEdit<T> {
  let copy: T[] | undefined
  let places: Map<string, number> | undefined
  let openPlaces: Map<string, number>

  const entries = (): readonly T[] => copy ?? original
  const at = (place = -1): T | undefined => entries()[place]
  const index = (): Map<string, number> =>
    (places ??= new Map(entries().map((entry, place) => [entry.id, place])))
  const findOpen = (): void => {
    openPlaces = new Map()
    entries().forEach((entry, place) => isOpen(entry) && openPlaces.set(entry.id, place))
  }
  findOpen()

  return {
    entries,
    get: (id) => at(index().get(id)),
    getOpen: (id) => at(openPlaces.get(id)),
    open: () => [...openPlaces.values()].sort((a, b) => a - b).flatMap((place) => at(place) ?? []),
    put(entry) {
      copy ??= [...original]
      const place = openPlaces.get(entry.id) ?? index().get(entry.id) ?? copy.length
      if (place === copy.length) index().set(entry.id, place)
      copy[place] = entry
      if (isOpen(entry)) openPlaces.set(entry.id, place)
      else openPlaces.delete(entry.id)
    },
    remove(id) {
      if (!index().has(id)) return false
      copy = entries().filter((entry) => entry.id !== id)
      places = undefined
      findOpen()
      return true
    },
  }
}
