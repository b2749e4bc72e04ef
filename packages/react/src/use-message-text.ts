import type { SessionSnapshot } from '@throughline/client'
import { useCallback } from 'react'
import { useStreamClient } from './provider.tsx'
import { useSelected } from './use-selected.ts'

/** The text of one message, `''` while it is unknown: only this message's tokens render it again. */
export function useMessageText(sessionId: string, messageId: string): string {
  const source = useStreamClient().session(sessionId)
  const select = useCallback(
    ({ messages }: SessionSnapshot) => messages.findLast(({ id }) => id === messageId)?.content ?? '',
    [messageId],
  )
  return useSelected({ source, enabled: true, select })
}
