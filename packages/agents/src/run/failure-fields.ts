import { StreamError } from '@throughline/protocol'

/**
 * What the operator's log says of a failure. Of a `StreamError` its own words and the kind of its cause: a
 * provider's words may hold a key or a person's text. Anything else is a fault of ours and is logged whole.
 */
export function failureFields(error: unknown): object {
  if (!(error instanceof StreamError)) return { err: error }
  const { code, message: reason, cause } = error
  return { code, reason, ...(cause instanceof Error ? { cause: causeOf(cause) } : {}) }
}

function causeOf(cause: Error): string {
  const known: readonly unknown[] = ['statusCode' in cause && cause.statusCode, 'code' in cause && cause.code]
  const detail = known.filter((value) => typeof value === 'number' || typeof value === 'string')
  return [cause.name, ...detail].join(' ')
}
