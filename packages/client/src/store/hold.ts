import { SNAPSHOT_MESSAGES, windowConversation } from '@throughline/protocol'
import type { Message } from '@throughline/protocol'
import type { Rejoined } from './rejoin.ts'

/** Messages that a session that goes on and on may hold, and what is left of them then. */
const MAX_HELD = 400
const HELD_AFTER = 200
/** Their text, in characters: very long answers are let go of sooner, but never the newest 50. */
const MAX_TEXT = 4 * 1_048_576

/**
 * Lets go of a conversation's oldest messages once there are too many of them, so that a page that stays open for weeks
 * does not grow. `GET …/messages?before=` has them. `held` itself while there is nothing to let go of.
 */
export function hold(held: Rejoined): Rejoined {
  const { messages } = held.conversation
  if (messages.length <= MAX_HELD && fitting(messages, MAX_TEXT) === messages.length) return held
  const newest = Math.max(SNAPSHOT_MESSAGES, Math.min(HELD_AFTER, fitting(messages, MAX_TEXT / 2)))
  const conversation = windowConversation(held.conversation, newest)
  // What was paged back to no longer adjoins.
  return conversation === held.conversation ? held : { conversation, older: [] }
}

/** How many of the newest messages fit into so many characters. */
function fitting(messages: readonly Message[], maxText: number): number {
  let text = 0
  const last = messages.findLastIndex(({ content }) => (text += content.length) > maxText)
  return messages.length - 1 - last
}
