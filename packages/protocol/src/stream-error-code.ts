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

/** Whether `code` is one that the protocol knows. */
export function isStreamErrorCode(code: unknown): code is StreamErrorCode {
  return STREAM_ERROR_CODES.some((known) => known === code)
}
