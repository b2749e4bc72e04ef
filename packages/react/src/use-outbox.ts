import type { OutboxEntry, Session, SessionSnapshot } from '@throughline/client'
import { useMemo } from 'react'
import { useStreamClient } from './provider.tsx'
import { useSelected } from './use-selected.ts'

/** What is on its way to a session, and what can be done about it. */
export interface OutboxInfo {
  /**
   * Commands of every kind (`command.kind`: messages and edits, regenerate, continue, stop, resolve, steer), oldest first:
   * `pending` (also over a reload, and while there is no network; `error` says why the last try failed), `applied` with the
   * cursor `appliedAt`, `rejected` with its `error`, or `late` (what it was for had ended). Of those that are over, the newest
   * 20.
   */
  readonly entries: readonly OutboxEntry[]
  /** Sends a rejected one again. */
  readonly retry: Session['retry']
  /**
   * Takes one back, here at once and in every tab. Resolves with `true` when no tab ever sent it, so that it will not happen,
   * and with `false` when it may have. Also how a rejected one, or one that is over, is dismissed. Never rejects.
   */
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
