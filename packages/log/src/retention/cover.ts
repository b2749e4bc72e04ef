import {
  REDUCER_VERSION,
  initialConversation,
  parseSnapshot,
  reduceConversation,
  serializeSnapshot,
  windowConversation,
  type ConversationState,
  type Position,
} from '@throughline/protocol'
import { openEnvelope } from '../event-log.ts'
import { beforePage, streamPages } from './stream-pages.ts'
import type { RetentionWork } from './work.ts'

/**
 * Sees to it that a snapshot holds what is at `offset` and before, so that this may go. `false`: it cannot be had, for
 * instance because a newer version stored one that this one cannot read.
 */
export async function coverBySnapshot(work: RetentionWork, stream: string, offset: number): Promise<boolean> {
  const stored = await load(work, stream)
  if (covers(stored, offset)) return true
  const { state, position } = await foldTo(work, stored ?? initialConversation(stream), offset)
  const text = serializeSnapshot(windowConversation(state))
  await work.driver.saveSnapshot(stream, { position, reducerVersion: REDUCER_VERSION, state: text })
  return covers(await load(work, stream), offset)
}

function covers(state: ConversationState | undefined, offset: number): boolean {
  return (state?.position?.offset ?? 0) >= offset
}

/** The stored state, under the epoch that the stream has now; one that is ahead of the stream is none. */
async function load({ driver }: RetentionWork, stream: string): Promise<ConversationState | undefined> {
  const stored = await driver.loadSnapshot(stream)
  const state = stored && parseSnapshot(stored.reducerVersion, stored.state)
  if (stored === undefined || state === undefined) return undefined
  return stored.position.offset > (await driver.head(stream)).offset
    ? undefined
    : { ...state, position: stored.position }
}

/** Folds on, a page at a time, until `offset` is in. */
async function foldTo(
  work: RetentionWork,
  start: ConversationState,
  offset: number,
): Promise<{ readonly state: ConversationState; readonly position: Position }> {
  let state = start
  for await (const page of streamPages(work, start.sessionId, { from: start.position ?? 'start' })) {
    if (state.position === null) state = beginAt(state, beforePage(page))
    const events = page.events.map((event) => openEnvelope(event, page.epoch))
    state = windowConversation(reduceConversation(state, events))
    if (covers(state, offset)) break
  }
  return { state, position: state.position ?? (await work.driver.head(start.sessionId)) }
}

/** What came before a stream's beginning was trimmed without a snapshot that could still be read. */
function beginAt(state: ConversationState, position: Position): ConversationState {
  return position.offset === 0 ? state : { ...state, position, hasOlder: true }
}
