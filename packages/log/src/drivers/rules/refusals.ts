import { StreamError } from '@throughline/protocol'

/** No session of this name was ever created. */
export function noSession(): StreamError {
  return new StreamError('not_found', 'There is no such session: create it first.', { status: 404 })
}

/** The session was deleted for good; its name stays taken. */
export function sessionEnded(): StreamError {
  return new StreamError('stream_closed', 'This session was deleted: start another one.', { status: 410 })
}

/** The state of things forbids it; doing the same again will not help. */
export function conflict(message: string): StreamError {
  return new StreamError('conflict', message, { status: 409 })
}

/** The caller asked for something that never makes sense. */
export function invalid(message: string): StreamError {
  return new StreamError('invalid_request', message, { status: 400 })
}

/** More waits than the log holds back. */
export function overloaded(): StreamError {
  return new StreamError('rate_limited', 'The log is behind: send it again in a moment.', {
    status: 503,
    retryAfterMs: 1_000,
  })
}
