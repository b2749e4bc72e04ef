const UNITS = ['B', 'kB', 'MB', 'GB'] as const

/** A file's size for a person: `812 B`, `4.1 kB`, `23 MB`. */
export function byteSize(bytes: number, locale: string): string {
  let value = bytes
  let unit = 0
  while (value >= 1_000 && unit < UNITS.length - 1) {
    value /= 1_000
    unit++
  }
  const digits = unit === 0 || value >= 10 ? 0 : 1
  const written = value.toLocaleString(locale, {
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  })
  return `${written} ${UNITS[unit] ?? 'B'}`
}
