import { StreamError } from '@throughline/protocol'

/** Storage cannot be trusted any more: whoever meets it, the driver stops writing, so nothing is overwritten. */
export class StorageFailure extends StreamError {}

/** Storage refused a call. */
export function storageFailed(cause: unknown): StorageFailure {
  return new StorageFailure(
    'server_error',
    'The log cannot be written: see that its disk has room and works, then start again.',
    { status: 503, cause },
  )
}

/** What is in storage is not what was written there. `place` is for the operator's log, not for the message. */
export function damaged(place: string): StorageFailure {
  return new StorageFailure(
    'server_error',
    'The log is damaged: stop, run the data check, and restore a backup if it says so.',
    { status: 503, retryable: false, cause: new Error(`damaged: ${place}`) },
  )
}

/** It was disposed. */
export function logClosed(): StreamError {
  return new StreamError('server_error', 'The log is closed.', { status: 503 })
}

/** Why a directory cannot be opened: one line that says what to do. */
export function cannotOpen(message: string, cause?: unknown): StreamError {
  return new StreamError('server_error', message, { retryable: false, cause })
}
