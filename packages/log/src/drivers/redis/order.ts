/** Keeps the calls of one name in order while some of them need something first. */
export type Order = <T>(name: string, first: () => Promise<T> | undefined) => Promise<T | undefined>

/** Resolves when `first` has, and not before the calls of the same name that came earlier; at once when none waits. */
export function createOrder(): Order {
  const waiting = new Map<string, Promise<unknown>>()
  return async (name, first) => {
    const before = waiting.get(name)
    const own = before === undefined ? first() : before.then(first)
    if (own === undefined) return undefined
    // What fails for one is no reason to hold the next one up, or to fail it.
    const quiet = own.catch(() => undefined)
    waiting.set(name, quiet)
    void quiet.then(() => {
      if (waiting.get(name) === quiet) waiting.delete(name)
    })
    return own
  }
}
