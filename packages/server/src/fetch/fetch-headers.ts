import type { HeaderMap } from '../gateway/exchange.ts'

/** Headers of an answer as the Fetch API has them. */
export function toHeaders(map: HeaderMap): Headers {
  const headers = new Headers()
  for (const [name, value] of Object.entries(map)) {
    for (const one of typeof value === 'string' ? [value] : value) headers.append(name, one)
  }
  return headers
}
