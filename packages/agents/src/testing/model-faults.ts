/** What a model provider can do wrong. */
export type ModelFault =
  | { readonly kind: 'rate_limited'; readonly retryAfterSeconds?: number; readonly quota?: boolean }
  | { readonly kind: 'server_error'; readonly status?: number }
  | { readonly kind: 'refused'; readonly status: 400 | 403 | 404 }
  /** The connection dies after this many tokens. */
  | { readonly kind: 'cut'; readonly afterTokens: number }
  /** The stream goes silent, still open, after this many tokens. */
  | { readonly kind: 'stall'; readonly afterTokens: number }
  /** The stream ends tidily but without a finish reason. */
  | { readonly kind: 'truncated'; readonly afterTokens: number }
  /** An error event inside the stream. */
  | { readonly kind: 'error_event'; readonly afterTokens: number }
  /** A stream that is not JSON. */
  | { readonly kind: 'garbage' }
  /** No answer at all. */
  | { readonly kind: 'silent' }

export interface Refusal {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

/** A text that must reach no person: providers put anything into their errors. */
export const PROVIDER_INTERNALS = 'internal-trace-7f3a at /srv/model/handler.py:42'

/** The answer that takes the place of a completion; `undefined` for faults that begin like one. */
export function refusalOf(fault: ModelFault): Refusal | undefined {
  switch (fault.kind) {
    case 'rate_limited': {
      const seconds = fault.retryAfterSeconds
      const headers = seconds === undefined ? {} : { 'retry-after': String(seconds) }
      return problem(429, fault.quota === true ? 'insufficient_quota' : 'rate_limit_exceeded', headers)
    }
    case 'server_error':
      return problem(fault.status ?? 500, 'server_error')
    case 'refused':
      return problem(fault.status, fault.status === 404 ? 'model_not_found' : 'invalid_request_error')
    default:
      return undefined
  }
}

/** The answer to a request without the right key. */
export function wrongKey(): Refusal {
  return problem(401, 'invalid_api_key')
}

/** The answer of a server without tools to a request that offers some. */
export function noTools(status: number): Refusal {
  return problem(status, status === 500 ? 'server_error' : 'invalid_request_error')
}

function problem(status: number, code: string, headers: Readonly<Record<string, string>> = {}): Refusal {
  const body = JSON.stringify({ error: { message: PROVIDER_INTERNALS, type: code, code, param: null } })
  return { status, headers: { 'content-type': 'application/json', ...headers }, body }
}
