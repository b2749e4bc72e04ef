import type { HeaderMap, Reply } from './exchange.ts'

/** An answer in JSON. Nothing under `/api` is for a cache. */
export function json(status: number, value: unknown, headers: HeaderMap = {}): Reply {
  return {
    kind: 'reply',
    status,
    headers: { 'content-type': 'application/json', 'cache-control': 'no-store', ...headers },
    body: JSON.stringify(value),
  }
}

/** An answer without a body. */
export function empty(status: number, headers: HeaderMap = {}): Reply {
  return { kind: 'reply', status, headers: { 'cache-control': 'no-store', ...headers } }
}
