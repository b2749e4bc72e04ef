import type { Envelope, Updates } from '@throughline/protocol'
import type { ApiUser } from './api.ts'

/** The session's epoch. */
export async function epochOf(user: ApiUser, sessionId: string): Promise<string> {
  const { cursor } = await user.json<Updates>('GET', `/api/sessions/${sessionId}/updates`)
  return cursor.slice(0, cursor.lastIndexOf('-'))
}

/** Every stored event, by polls from the beginning. */
export async function readLog(user: ApiUser, sessionId: string): Promise<Envelope[]> {
  const events: Envelope[] = []
  let after = `${await epochOf(user, sessionId)}-0`
  for (;;) {
    const page = await user.json<Updates>('GET', `/api/sessions/${sessionId}/updates?after=${after}`)
    if (page.events.length === 0) return events
    events.push(...page.events)
    after = page.cursor
  }
}
