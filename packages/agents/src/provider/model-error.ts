import { StreamError } from '@throughline/protocol'
import { APICallError, StreamProviderError } from 'ai'
import { retryAfterMs } from './retry-after.ts'

/** Who chose the model: the operator, by environment, or a person, in their settings. */
export type ModelOrigin = 'environment' | 'settings'

/** What whoever chose the model can mend, and where. */
const REMEDIES = {
  environment: {
    key: 'Set a valid OPENAI_API_KEY that may use this model.',
    model: 'Check MODEL and OPENAI_BASE_URL.',
    address: 'Check OPENAI_BASE_URL and the network, then try again.',
  },
  settings: {
    key: 'Enter a valid key that may use this model in your settings.',
    model: 'Check both in your settings.',
    address: 'Check its address in your settings, then try again.',
  },
} as const

const CUT = 'The connection to the model provider was cut. Continue from the partial answer or try again.'

/**
 * What a failed model call means to a person: a code, what to do, whether and when to try again. Nothing of the
 * provider's own text gets through, for it may hold anything.
 */
export function toModelError(error: unknown, origin: ModelOrigin): StreamError {
  if (error instanceof StreamError) return error
  const cause = { cause: error }
  if (APICallError.isInstance(error)) {
    if (error.statusCode === undefined) {
      const { address } = REMEDIES[origin]
      return new StreamError('network_error', `The model provider could not be reached. ${address}`, cause)
    }
    // The AI SDK tells a response that broke off with the status it began with.
    if (error.statusCode < 400) return new StreamError('network_error', CUT, cause)
    return fromStatus(error, origin)
  }
  if (StreamProviderError.isInstance(error)) {
    return error.statusCode === 429
      ? rateLimited(undefined, error)
      : new StreamError(
          'server_error',
          'The model provider broke off the answer with an error. Try again.',
          cause,
        )
  }
  return new StreamError('network_error', CUT, cause)
}

function fromStatus(error: APICallError, origin: ModelOrigin): StreamError {
  const cause = { cause: error }
  switch (error.statusCode) {
    case 401:
    case 403:
      return new StreamError(
        'auth_error',
        `The model provider refused the key. ${REMEDIES[origin].key}`,
        cause,
      )
    case 404:
      return new StreamError(
        'invalid_request',
        `The model provider does not know this model or address. ${REMEDIES[origin].model}`,
        cause,
      )
    case 429:
      return rateLimited(retryAfterMs(error.responseHeaders ?? {}, Date.now()), error)
    default:
      return (error.statusCode ?? 500) >= 500 || error.statusCode === 408
        ? new StreamError('server_error', 'The model provider had a failure of its own. Try again.', {
            ...cause,
            ...waiting(retryAfterMs(error.responseHeaders ?? {}, Date.now())),
          })
        : new StreamError(
            'invalid_request',
            'The model provider refused the request. Ask for less at once, or choose another model.',
            cause,
          )
  }
}

function rateLimited(afterMs: number | undefined, error: APICallError | StreamProviderError): StreamError {
  if (isOutOfQuota(error)) {
    return new StreamError(
      'rate_limited',
      'The key’s quota at the model provider is used up. Top it up there.',
      {
        cause: error,
        retryable: false,
      },
    )
  }
  const when = afterMs === undefined ? 'in a moment' : `in ${String(Math.ceil(afterMs / 1_000))} s`
  return new StreamError(
    'rate_limited',
    `The model provider allows no more requests now. Try again ${when}.`,
    {
      cause: error,
      ...waiting(afterMs),
    },
  )
}

function waiting(afterMs: number | undefined): { readonly retryAfterMs?: number } {
  return afterMs === undefined ? {} : { retryAfterMs: afterMs }
}

function isOutOfQuota(error: APICallError | StreamProviderError): boolean {
  if (StreamProviderError.isInstance(error)) return error.code === 'insufficient_quota'
  const { data } = error
  if (typeof data !== 'object' || data === null || !('error' in data)) return false
  const detail = data.error
  return (
    typeof detail === 'object' && detail !== null && 'code' in detail && detail.code === 'insufficient_quota'
  )
}
