import type { MessagePage, SessionList, SessionSummary } from '@throughline/protocol'
import type { SessionDetail, SessionsApi } from './api.ts'
import type { Send } from './request.ts'

/** The path of a session, or of something of it. */
export function sessionPath(sessionId: string, rest = ''): string {
  return `/api/sessions/${encodeURIComponent(sessionId)}${rest}`
}

/** Sessions over REST. PROTOCOL.md §5. */
export function createSessionsApi(send: Send): SessionsApi {
  const patch = async (sessionId: string, body: unknown): Promise<SessionSummary> =>
    (await send('PATCH', sessionPath(sessionId), { body })) as SessionSummary
  return {
    async createSession({ id, title } = {}) {
      const body = title === undefined ? {} : { title }
      const created =
        id === undefined ? send('POST', '/api/sessions', { body }) : send('PUT', sessionPath(id), { body })
      return (await created) as SessionSummary
    },
    async listSessions({ search, archived, before, signal } = {}) {
      const query = { search, before, archived: archived === undefined ? undefined : String(archived) }
      return (await send('GET', '/api/sessions', { query, signal })) as SessionList
    },
    async getSession(sessionId, signal) {
      return (await send('GET', sessionPath(sessionId), { signal })) as SessionDetail
    },
    renameSession: (sessionId, title) => patch(sessionId, { title }),
    archiveSession: (sessionId, archived = true) => patch(sessionId, { archived }),
    async deleteSession(sessionId) {
      await send('DELETE', sessionPath(sessionId))
    },
    async restoreSession(sessionId) {
      return (await send('POST', sessionPath(sessionId, '/restore'))) as SessionSummary
    },
    async olderMessages(sessionId, before, signal) {
      const query = { before: String(before) }
      return (await send('GET', sessionPath(sessionId, '/messages'), { query, signal })) as MessagePage
    },
  }
}
