const TENTHS = { minimumFractionDigits: 1, maximumFractionDigits: 1 }

/** A time span for a person: `0.4 s`, `12 s`, `3 min 20 s`. */
export function duration(ms: number, locale: string): string {
  const seconds = Math.max(0, ms) / 1_000
  if (seconds < 10) return `${seconds.toLocaleString(locale, TENTHS)} s`
  const whole = Math.round(seconds)
  if (whole < 60) return `${String(whole)} s`
  return `${String(Math.floor(whole / 60))} min ${String(whole % 60)} s`
}
