import { StreamError, type Problem, type StreamErrorCode } from '@throughline/protocol'
import type { Reply } from './exchange.ts'

/** Status and title of a code, unless the error says otherwise. */
const BY_CODE: Readonly<Record<StreamErrorCode, readonly [status: number, title: string]>> = {
  network_error: [502, 'Backend connection failed'],
  auth_error: [401, 'Invalid token'],
  session_expired: [410, 'Session expired'],
  server_error: [500, 'Internal server error'],
  heartbeat_timeout: [504, 'Heartbeat timeout'],
  max_reconnect_reached: [503, 'Service unavailable'],
  invalid_request: [400, 'Invalid request'],
  forbidden_origin: [403, 'Origin not allowed'],
  not_found: [404, 'Not found'],
  rate_limited: [429, 'Too many requests'],
  cursor_expired: [410, 'Cursor expired'],
  stream_closed: [410, 'Session deleted'],
  conflict: [409, 'Conflict'],
}

/** Titles that a status has whatever the code. */
const BY_STATUS: Readonly<Record<number, string>> = {
  405: 'Method not allowed',
  406: 'Not acceptable',
  408: 'Request timeout',
  413: 'Content too large',
  415: 'Unsupported media type',
  503: 'Service unavailable',
}

/** A refusal with a title of its own. */
export class ProblemError extends StreamError {
  readonly title: string
  readonly headers: Readonly<Record<string, string>>

  constructor(
    title: string,
    error: { code: StreamErrorCode; status: number; detail: string; cause?: unknown },
    headers: Readonly<Record<string, string>> = {},
  ) {
    super(error.code, error.detail, { status: error.status, cause: error.cause })
    this.title = title
    this.headers = headers
  }
}

/** `Retry-After` of an answer, in whole seconds, spread so that those refused together do not return together. */
function retryAfter(leastMs: number, random: () => number): string {
  return String(Math.max(1, Math.ceil((leastMs + random() * Math.max(1_000, leastMs)) / 1_000)))
}

/** The answer to a failure: `application/problem+json`, nothing internal. PROTOCOL.md §5. */
export function problemReply(error: StreamError, random: () => number): Reply {
  const [codeStatus, codeTitle] = BY_CODE[error.code]
  const status = error.status ?? codeStatus
  const title = error instanceof ProblemError ? error.title : (BY_STATUS[status] ?? codeTitle)
  // What storage or a backend said is for the log; everything else was written for whoever called.
  const internal = error.code === 'server_error' && status === 500
  const problem: Problem = {
    title,
    status,
    code: error.code,
    ...(!internal && { detail: error.message }),
  }
  const waits = status === 429 || status === 503
  return {
    kind: 'reply',
    status,
    headers: {
      'content-type': 'application/problem+json',
      'cache-control': 'no-store',
      ...(waits && { 'retry-after': retryAfter(error.retryAfterMs ?? 1_000, random) }),
      ...(status === 401 && { 'www-authenticate': 'Bearer' }),
      ...(error instanceof ProblemError && error.headers),
    },
    body: JSON.stringify(problem),
  }
}
