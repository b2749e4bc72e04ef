/** Every way a request or a stream can fail, as the wire names it. The first six are the specification's. */
export const STREAM_ERROR_CODES = [
  'network_error',
  'auth_error',
  'session_expired',
  'server_error',
  'heartbeat_timeout',
  'max_reconnect_reached',
  'invalid_request',
  'forbidden_origin',
  'not_found',
  'rate_limited',
  'cursor_expired',
  'stream_closed',
  'conflict',
] as const

export type StreamErrorCode = (typeof STREAM_ERROR_CODES)[number]

export interface StreamErrorOptions {
  /** HTTP status, when the failure came from or becomes an answer. */
  readonly status?: number
  /** Whether the same call may succeed later. Default: by code. */
  readonly retryable?: boolean
  /** Least wait before a retry, in milliseconds. */
  readonly retryAfterMs?: number | undefined
  readonly cause?: unknown
}

const RETRYABLE: ReadonlySet<StreamErrorCode> = new Set([
  'network_error',
  'server_error',
  'heartbeat_timeout',
  'rate_limited',
])

/** The one error of Throughline. Its message says what to do and may be shown to a person. */
export class StreamError extends Error {
  override readonly name = 'StreamError'
  declare readonly code: StreamErrorCode
  declare readonly retryable: boolean
  declare readonly status: number | undefined
  declare readonly retryAfterMs: number | undefined

  constructor(code: StreamErrorCode, message: string, options: StreamErrorOptions = {}) {
    super(message, options)
    this.code = code
    this.retryable = options.retryable ?? RETRYABLE.has(code)
    this.status = options.status
    this.retryAfterMs = options.retryAfterMs
  }
}

/** Whether `code` is one that the protocol knows. */
export function isStreamErrorCode(code: unknown): code is StreamErrorCode {
  return STREAM_ERROR_CODES.some((known) => known === code)
}
