/** Both lists as one, each key once: the newest entry of a key stands where its first stood. */
export function newestBy<T>(key: keyof T, held: readonly T[], more: readonly T[] = []): readonly T[] {
  if (more.length === 0) return held
  return [...new Map([...held, ...more].map((entry) => [entry[key], entry])).values()]
}
