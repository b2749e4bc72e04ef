'use client'

import { useStrings } from '@/text/use-strings'
import { useNow } from './use-now'

/** Counts down to the next attempt. */
export function ReconnectingIndicator({ attempt, retryAt }: { attempt: number; retryAt: number | null }) {
  const strings = useStrings()
  const now = useNow(retryAt !== null, 500)
  const seconds = retryAt === null ? 0 : Math.ceil((retryAt - now) / 1000)
  return (
    <span className="tabular-nums">
      {seconds > 0 ? strings.reconnectIn(seconds, attempt) : strings.reconnectingAttempt(attempt)}
    </span>
  )
}
