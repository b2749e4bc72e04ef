import {
  REDUCER_VERSION,
  parseSnapshot,
  serializeSnapshot,
  windowConversation,
  type ConversationState,
  type Message,
} from '@throughline/protocol'
import { beforePage } from './stream-pages.ts'
import type { RetentionWork } from './work.ts'

/**
 * Takes out of the stored snapshot what was trimmed for its age: what `retainMs` removes shall be gone, not shown to
 * whoever joins. Folds that others hold are told to begin again from it; one that was being stored meanwhile is found
 * in the next lap. Resolves with when to look again: 0 for the next lap, `Infinity` when nothing that was trimmed is
 * left.
 */
export async function eraseTrimmed(work: RetentionWork, stream: string): Promise<number> {
  const { driver, limits } = work
  const stored = await driver.loadSnapshot(stream)
  const state = stored && parseSnapshot(stored.reducerVersion, stored.state)
  if (stored === undefined || state === undefined) return Infinity
  const first = beforePage(await driver.read(stream, 'start', { maxEvents: 1 })).offset + 1
  const oldest = work.now() - limits.retainMs
  const left = withoutOld(state, { first, oldest })
  if (left === state) {
    const ages = state.messages.filter(({ offset }) => offset < first).map(ageOf)
    return Math.min(Infinity, ...ages) + limits.retainMs + 1
  }
  const { position } = stored
  await driver.saveSnapshot(stream, {
    position,
    reducerVersion: REDUCER_VERSION,
    state: serializeSnapshot(left),
  })
  work.replaced(stream)
  return 0
}

/** When it ended, or else began, ms since 1970. */
function ageOf({ endedAt, createdAt }: Pick<Message, 'endedAt' | 'createdAt'>): number {
  return endedAt ?? createdAt
}

/** The state without what began before `first` and ended before `oldest`; the same one when it holds nothing of it. */
function withoutOld(
  state: ConversationState,
  { first, oldest }: { readonly first: number; readonly oldest: number },
): ConversationState {
  const messages = state.messages.filter((message) => message.offset >= first || ageOf(message) >= oldest)
  const runs = state.runs.filter(
    ({ endOffset, endedAt }) => endOffset === null || endOffset >= first || (endedAt ?? oldest) >= oldest,
  )
  if (messages.length === state.messages.length && runs.length === state.runs.length) return state
  return windowConversation({ ...state, messages, runs })
}
