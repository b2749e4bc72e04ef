'use client'

import type { SessionSummary } from '@throughline/protocol'
import type { SessionsResult } from '@throughline/react/query'
import { useRouter } from 'next/navigation'
import { useStrings } from '@/text/use-strings'
import { useToast } from '../ui/toast'

/** How long a deletion or archiving can be undone from its toast, ms. */
const UNDO_MS = 10_000

/** What can be done with a listed session; each tells when it did not work, and what can be undone offers that. */
export interface SessionActions {
  rename(sessionId: string, title: string): void
  archive(session: SessionSummary): void
  remove(session: SessionSummary): void
}

/** @param current the session that is open: when it goes, so does its screen */
export function useSessionActions(list: SessionsResult, current: string | undefined): SessionActions {
  const strings = useStrings()
  const router = useRouter()
  const toasts = useToast()
  const report = () => {
    toasts.add({ title: strings.actionFailed, priority: 'high' })
  }
  const undoable = (title: string, undo: () => Promise<void>) => {
    const toast = toasts.add({
      title,
      timeout: UNDO_MS,
      actionProps: {
        children: strings.undo,
        onClick: () => {
          toasts.close(toast)
          undo().catch(report)
        },
      },
    })
  }
  return {
    rename(sessionId, title) {
      list.renameSession(sessionId, title).catch(report)
    },
    archive({ id, archived }) {
      list.archiveSession(id, !archived).then(() => {
        undoable(archived ? strings.unarchived : strings.archived, () => list.archiveSession(id, archived))
      }, report)
    },
    remove({ id }) {
      list.deleteSession(id).then(() => {
        if (id === current) router.push('/')
        undoable(strings.removed, async () => {
          await list.restoreSession(id)
          if (id === current) router.push(`/s/${id}`)
        })
      }, report)
    },
  }
}
