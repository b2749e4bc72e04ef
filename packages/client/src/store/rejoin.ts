import type { ConversationState, Message, Run } from '@throughline/protocol'

/** Older messages that a person may have paged back to. */
export const MAX_OLDER = 5_000

/** What is held of a conversation. */
export interface Rejoined {
  readonly conversation: ConversationState
  /** Messages before those that the snapshot holds. */
  readonly older: readonly Message[]
}

/**
 * Takes a snapshot in place of what was folded.
 *
 * What is the same keeps its identity, so that joining anew renders nothing that did not change. A snapshot holds the
 * newest messages only: the older ones stay, as long as it is the same life of the stream.
 */
export function rejoin(before: Rejoined, snapshot: ConversationState): Rejoined {
  const { conversation, older } = before
  const held = [...older, ...conversation.messages]
  const messages = keepIdentity<Message>(held, snapshot.messages)
  const runs = keepIdentity<Run>(conversation.runs, snapshot.runs)
  const isSameLife = conversation.position?.epoch === snapshot.position?.epoch
  const ids = new Set(messages.map(({ id }) => id))
  const oldest = messages[0]?.offset ?? 0
  const stays = ({ id, offset }: Message): boolean => !ids.has(id) && offset < oldest
  return {
    conversation: { ...snapshot, messages, runs },
    older: isSameLife && snapshot.hasOlder ? held.filter(stays) : [],
  }
}

function keepIdentity<T extends { readonly id: string }>(
  before: readonly T[],
  after: readonly T[],
): readonly T[] {
  const known = new Map(before.map((item) => [item.id, item]))
  return after.map((item) => {
    const same = known.get(item.id)
    return same !== undefined && JSON.stringify(same) === JSON.stringify(item) ? same : item
  })
}
