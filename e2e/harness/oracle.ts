import { deepStrictEqual } from 'node:assert/strict'
import { windowConversation, type ConversationState } from '@throughline/protocol'
import { serverState, type ApiUser } from './api.ts'
import type { Follower } from './follower.ts'
import { readLog } from './session-log.ts'

/**
 * Waits until the follower has everything and holds its fold against the server's, and what it was given, one by
 * one, against the log; then closes it.
 * @throws AssertionError, or the violation it saw
 */
export async function expectExact(user: ApiUser, follower: Follower): Promise<void> {
  const { sessionId } = follower
  await follower.reachHead()
  const there = await serverState(user, sessionId)
  deepStrictEqual(plain(windowConversation(follower.state)), plain(windowConversation(there)))
  if (follower.counts.snapshots === 0 && follower.events.length > 0) {
    const log = await readLog(user, sessionId)
    // The comparison that explains itself takes seconds for a long log.
    if (JSON.stringify(follower.events) !== JSON.stringify(log)) deepStrictEqual(follower.events, log)
  }
  follower.close()
}

function plain(state: ConversationState): unknown {
  return JSON.parse(JSON.stringify(state))
}
