import { StreamError } from '@throughline/protocol'

/** Redis is not there: what was asked may or may not have happened. */
export function unreachable(cause?: unknown): StreamError {
  return new StreamError('server_error', 'Redis cannot be reached: try again in a moment.', {
    status: 503,
    retryAfterMs: 1_000,
    cause,
  })
}

/** A cluster without a master for some slots. */
export function unserved(): StreamError {
  return new StreamError('server_error', 'No master of the Redis cluster has this session now.', {
    status: 503,
    retryAfterMs: 1_000,
  })
}

export function logClosed(): StreamError {
  return new StreamError('server_error', 'The log is closed.')
}

/** What Redis refuses as a whole, by the first word of its error; nothing was changed then. */
const REFUSALS: Readonly<Record<string, string>> = {
  OOM: 'Redis has no memory left: give it more, or keep less.',
  MISCONF: 'Redis cannot write its files: see its own log.',
  NOREPLICAS: 'Redis has too few replicas in reach to take a write.',
  LOADING: 'Redis is reading its data: try again in a moment.',
  BUSY: 'Redis is busy with a script.',
  READONLY: 'This Redis takes no writes: it is a replica.',
  MASTERDOWN: 'This Redis is a replica without its master.',
  CLUSTERDOWN: 'The Redis cluster does not serve all of its slots.',
  TRYAGAIN: 'The Redis cluster is moving this session: try again in a moment.',
  MOVED: 'The Redis cluster is moving this session: try again in a moment.',
  ASK: 'The Redis cluster is moving this session: try again in a moment.',
}

/** Errors of a server that should not be asked at all, or not before it was looked at again. */
const MISPLACED = /^(READONLY|MASTERDOWN|LOADING)\b/

export function isMisplaced(error: unknown): boolean {
  return error instanceof Error && MISPLACED.test(error.message)
}

/** Whatever a client threw, as the log's own error. */
export function failureOf(error: unknown): StreamError {
  if (error instanceof StreamError) return error
  const word = error instanceof Error ? (/^[A-Z]+/.exec(error.message)?.[0] ?? '') : ''
  const refusal = REFUSALS[word]
  if (refusal !== undefined) {
    return new StreamError('server_error', refusal, { status: 503, retryAfterMs: 5_000, cause: error })
  }
  // A refusal of the server that nobody foresaw is a fault of ours; anything else is the connection.
  if (word === 'ERR' || word === 'WRONGTYPE' || word === 'NOPERM') {
    return new StreamError('server_error', 'Redis refused what it was asked.', { cause: error })
  }
  return unreachable(error)
}
