import type { StreamError } from '@throughline/protocol'

/** The specification's error types; they are `StreamError` codes. */
export const SSEErrorType = {
  NETWORK_ERROR: 'network_error',
  AUTH_ERROR: 'auth_error',
  SESSION_EXPIRED: 'session_expired',
  SERVER_ERROR: 'server_error',
  HEARTBEAT_TIMEOUT: 'heartbeat_timeout',
  MAX_RECONNECT_REACHED: 'max_reconnect_reached',
} as const

/** One of the specification's error types. */
export type SSEErrorType = (typeof SSEErrorType)[keyof typeof SSEErrorType]

/** The specification's error: its `type` is `code`. */
export type SSEError = StreamError

/**
 * What there is left to do about an error; the connection itself has by then done what it can.
 *
 * - `wait`: it is retried by itself, with back-off and the server's `Retry-After`: show that, allow to work offline.
 * - `sign_in`: the refresh was refused: ask for a new sign-in and keep the draft.
 * - `ask`: the session has expired: ask whether to begin a new one, never begin it silently.
 * - `retry_now`: given up: offer to try again.
 * - `report`: nothing to retry: say what it is.
 */
export type Recovery = 'wait' | 'sign_in' | 'ask' | 'retry_now' | 'report'

const RECOVERIES: Readonly<Record<string, Recovery>> = {
  network_error: 'wait',
  server_error: 'wait',
  heartbeat_timeout: 'wait',
  rate_limited: 'wait',
  auth_error: 'sign_in',
  session_expired: 'ask',
  max_reconnect_reached: 'retry_now',
}

/** What to do about this error. */
export function recoveryOf({ code }: SSEError): Recovery {
  return RECOVERIES[code] ?? 'report'
}

/** What the application does for each recovery; what is absent does nothing. */
export type RecoveryActions = Readonly<Partial<Record<Recovery, (error: SSEError) => void>>>

/** The specification's error handler: one recovery for each type. */
export class SSEErrorHandler {
  readonly #actions: RecoveryActions

  constructor(actions: RecoveryActions = {}) {
    this.#actions = actions
  }

  /** Runs the recovery of this error and answers which it was. */
  handleError(error: SSEError): Recovery {
    const recovery = recoveryOf(error)
    this.#actions[recovery]?.(error)
    return recovery
  }
}
