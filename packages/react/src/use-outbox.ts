import type { OutboxEntry, Session, SessionSnapshot } from '@throughline/client'
import { useMemo } from 'react'
import { useStreamClient } from './provider.tsx'
import { useSelected } from './use-selected.ts'

/** What is on its way to a session, and what can be done about it. */
export interface OutboxInfo {
  /**
   * Messages and other commands, oldest first: `pending` (also over a reload, and while there is no network), `applied`
   * with the cursor `appliedAt`, `rejected` with its `error`, or `late`. Of those that are over, the newest 20.
   */
  readonly entries: readonly OutboxEntry[]
  /** Sends a rejected one again. */
  readonly retry: Session['retry']
  /** Takes one back; `true` when it was never sent, so that it will not happen. Also how a rejected one is dismissed. */
  readonly discard: Session['discard']
}

/** The outbox of a session: what a person said that the server has not taken yet, and how it went. */
export function useOutbox(sessionId: string): OutboxInfo {
  const session = useStreamClient().session(sessionId)
  const entries = useSelected({ source: session, enabled: true, select: outboxOf })
  return useMemo(() => ({ entries, retry: session.retry, discard: session.discard }), [entries, session])
}

function outboxOf({ outbox }: SessionSnapshot): readonly OutboxEntry[] {
  return outbox
}
