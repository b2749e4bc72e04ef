/** A map by name that forgets what was set longest ago when it is full. */
export interface BoundedMap<T> {
  get(name: string): T | undefined
  set(name: string, value: T): void
  delete(name: string): void
  keys(): Iterable<string>
}

export function boundedMap<T>(max: number): BoundedMap<T> {
  const entries = new Map<string, T>()
  return {
    get: (name) => entries.get(name),
    set(name, value) {
      entries.delete(name)
      entries.set(name, value)
      if (entries.size <= max) return
      const [oldest] = entries.keys()
      if (oldest !== undefined) entries.delete(oldest)
    },
    delete(name) {
      entries.delete(name)
    },
    keys: () => entries.keys(),
  }
}
