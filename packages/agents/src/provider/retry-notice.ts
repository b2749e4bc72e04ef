import type { RetryNotice } from './model-retry.ts'

/** What a person who waits is told about a call that is repeated. */
export function noticeOf({ error, afterMs }: RetryNotice): string {
  const why = error.code === 'rate_limited' ? 'The model is busy' : 'The model failed'
  return `${why}; trying again in ${String(Math.ceil(afterMs / 1_000))} s`
}
