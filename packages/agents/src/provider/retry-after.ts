/**
 * The wait a provider asks for, in milliseconds: `retry-after-ms`, or `Retry-After` in seconds or as a date
 * (RFC 9110 §10.2.3). `undefined` when it asks for none that can be read.
 */
export function retryAfterMs(
  headers: Readonly<Record<string, string | undefined>>,
  now: number,
): number | undefined {
  const precise = duration(headers['retry-after-ms'], 1)
  if (precise !== undefined) return precise
  const text = headers['retry-after']
  const seconds = duration(text, 1_000)
  if (seconds !== undefined || text === undefined) return seconds
  // Only an HTTP date: `Date.parse` takes almost anything for some year.
  const at = /^[A-Z][a-z]{2}, /.test(text) ? Date.parse(text) : NaN
  return Number.isNaN(at) ? undefined : Math.max(0, at - now)
}

function duration(text: string | undefined, unit: number): number | undefined {
  const given = text?.trim()
  return given !== undefined && /^\d+(\.\d+)?$/.test(given) ? Math.ceil(Number(given) * unit) : undefined
}
