import type { TeamWords } from '../team/words/english.ts'
import type { RetryNotice } from './model-retry.ts'

/** What a person who waits is told about a call that is repeated. */
export function noticeOf({ error, afterMs }: RetryNotice, words: TeamWords): string {
  return words.tryingAgain(error.code === 'rate_limited', Math.ceil(afterMs / 1_000))
}
