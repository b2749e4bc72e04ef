import type { HeaderMap, Reply } from './exchange.ts'

/** Of an answer in JSON. Nothing under `/api` is for a cache. */
export const JSON_HEADERS: HeaderMap = Object.freeze({
  'content-type': 'application/json',
  'cache-control': 'no-store',
})

/** An answer in JSON. */
export function json(status: number, value: unknown, headers?: HeaderMap): Reply {
  return {
    kind: 'reply',
    status,
    headers: headers === undefined ? JSON_HEADERS : { ...JSON_HEADERS, ...headers },
    body: JSON.stringify(value),
  }
}

/** An answer without a body. */
export function empty(status: number, headers: HeaderMap = {}): Reply {
  return { kind: 'reply', status, headers: { 'cache-control': 'no-store', ...headers } }
}
