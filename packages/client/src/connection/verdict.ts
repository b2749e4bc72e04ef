import type { StreamError } from '@throughline/protocol'

/**
 * What the end of an attempt asks for.
 *
 * - `retry`: back off and try again: network, 408, 425, 429, 5xx, a stream that ended or went silent.
 * - `mismatch`: something else than a hub answered with 200 (a captive portal); retried, but not for ever.
 * - `end`: 204, nothing will ever come.
 * - `refresh`: 401. `resync`: 409, the cursors are no use; or an event too large to read, which only a snapshot leads past.
 * - `fail`: 403, 404, 410 and whatever else a retry cannot mend.
 */
export type Verdict = 'retry' | 'mismatch' | 'end' | 'refresh' | 'resync' | 'fail'

const BY_STATUS: Readonly<Record<number, Verdict>> = {
  200: 'mismatch',
  204: 'end',
  401: 'refresh',
  408: 'retry',
  409: 'resync',
  425: 'retry',
  429: 'retry',
}

/** Reads the HTTP status that ended an attempt; without one it was the network. */
export function verdictOf({ code, status }: StreamError): Verdict {
  if (status === undefined) return code === 'invalid_request' ? 'resync' : 'retry'
  return BY_STATUS[status] ?? (status >= 500 ? 'retry' : 'fail')
}
