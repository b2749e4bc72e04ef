import type { StreamErrorCode } from './stream-error-code.ts'

export interface StreamErrorOptions {
  /** HTTP status, when the failure came from or becomes an answer. */
  readonly status?: number
  /** Whether the same call may succeed later. Default: by code. */
  readonly retryable?: boolean
  /** Least wait before a retry, in milliseconds. */
  readonly retryAfterMs?: number | undefined
  readonly cause?: unknown
}

const RETRYABLE: readonly StreamErrorCode[] = [
  'network_error',
  'server_error',
  'heartbeat_timeout',
  'rate_limited',
]

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
    this.retryable = options.retryable ?? RETRYABLE.includes(code)
    this.status = options.status
    this.retryAfterMs = options.retryAfterMs
  }
}
