import { StreamError } from '@throughline/protocol'
import type { HubParts } from '@throughline/server'
import type { Possession } from './possession.ts'

const PAGE = 100

/** Conversations. Those deleted within the time to undo are purged by themselves. */
export function ownedSessions(log: HubParts['log']): Possession {
  const each = async (userId: string, act: (sessionId: string) => Promise<unknown>): Promise<void> => {
    while (true) {
      const { sessions } = await log.driver.sessions.list({ userId, limit: PAGE })
      if (sessions.length === 0) return
      for (const { id } of sessions) await act(id).catch(unlessGone)
    }
  }
  return {
    name: 'sessions',
    give: (from, to) => each(from, (id) => log.driver.sessions.update(id, { userId: to })),
    remove: (userId) =>
      each(userId, async (id) => {
        await log.driver.delete(id)
        log.publish({ kind: 'closed', stream: id })
      }),
  }
}

/** Deleted by somebody else meanwhile: then it is not in the next page either. */
function unlessGone(error: unknown): void {
  if (error instanceof StreamError && (error.code === 'not_found' || error.code === 'stream_closed')) return
  throw error
}
