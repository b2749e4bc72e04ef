import { StreamError } from '@throughline/protocol'

/** A whole number from the query. @throws StreamError 400 when it is not one within the bounds */
export function readNumber(
  query: URLSearchParams,
  name: string,
  { fallback, max }: { fallback: number; max: number },
): number {
  const text = query.get(name)
  if (text === null || text === '') return fallback
  const value = /^[0-9]{1,16}$/.test(text) ? Number(text) : NaN
  if (value <= max) return value
  throw new StreamError('invalid_request', `${name} must be a whole number from 0 to ${String(max)}.`)
}
