import {
  initialConversation,
  isContiguous,
  parseSnapshot,
  reduceConversation,
  windowConversation,
  type ConversationState,
  type Envelope,
} from '@throughline/protocol'
import { openEnvelope } from '../../event-log.ts'
import type { LogDriver } from '../../log-driver.ts'

/** A reader that has no cursor: the stored snapshot, and what follows it. */
export async function join(driver: LogDriver): Promise<ConversationState> {
  const stored = await driver.loadSnapshot('s')
  const state = stored && parseSnapshot(stored.reducerVersion, stored.state)
  return await readOn(driver, state ?? initialConversation('s'))
}

/** A reader that goes on from what it has, in small pages. @throws when an event is missing; CursorExpired */
export async function readOn(
  driver: LogDriver,
  from: ConversationState,
  maxEvents = 3,
): Promise<ConversationState> {
  let state = from
  for (;;) {
    const page = await driver.read('s', state.position ?? 'start', { maxEvents })
    if (page.events.length === 0) return state
    for (const event of page.events) {
      const envelope = openEnvelope(event, page.epoch)
      if (!isContiguous(state.position, envelope)) throw new Error(`A gap before ${String(envelope.id)}`)
      state = reduceConversation(state, [envelope])
    }
  }
}

export function fold(events: readonly Envelope[]): ConversationState {
  return reduceConversation(initialConversation('s'), events)
}

/** What every reader has to agree on. A reader knows of a hole in a message that is still open; the writer does not. */
export function shown(state: ConversationState): ConversationState {
  const { messages, ...rest } = windowConversation(state)
  return { ...rest, messages: messages.map((message) => ({ ...message, bridged: false })) }
}
