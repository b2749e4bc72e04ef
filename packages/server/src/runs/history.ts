import {
  StreamError,
  initialConversation,
  reduceConversation,
  windowConversation,
  type ConversationState,
  type Message,
  type MessagePage,
} from '@throughline/protocol'
import { openEnvelope, type EventLog } from '@throughline/log'

export interface HistoryOptions {
  readonly log: EventLog
  /** Folds of whole sessions at one time; the others wait their turn. Default 2. */
  readonly concurrency?: number
}

/** What lies before the window that a snapshot holds. */
export interface History {
  /** The messages that began before an offset, the newest `limit` of them, oldest first. */
  before(sessionId: string, offset: number, limit: number): Promise<MessagePage>
  /** A message of any age. */
  find(sessionId: string, messageId: string): Promise<Message | undefined>
}

/** Requests that may wait for their turn. */
const MAX_WAITING = 64

/** Reads a session from its beginning, a page at a time: memory is bounded by what is asked for. */
export function createHistory({ log, concurrency = 2 }: HistoryOptions): History {
  const turn = createTurns(concurrency)

  /** Folds until `isEnough`; `keep` says how many messages are worth holding meanwhile. */
  const fold = async (
    sessionId: string,
    keep: number,
    isEnough: (state: ConversationState) => boolean,
  ): Promise<ConversationState> => {
    let state = initialConversation(sessionId)
    for (let page = await log.read(sessionId, 'start'); ;) {
      const events = page.events.map((event) => openEnvelope(event, page.epoch))
      // After a trim the stream begins later: the first event kept is the beginning.
      const [first] = events
      if (state.position === null && first !== undefined) events[0] = { ...first, prev: 0 }
      state = reduceConversation(state, events)
      const last = page.events.at(-1)
      if (isEnough(state) || last === undefined || last.offset >= page.head.offset) return state
      state = windowConversation(state, keep)
      page = await log.read(sessionId, { epoch: page.epoch, offset: last.offset })
    }
  }

  return {
    before: (sessionId, offset, limit) =>
      turn(async () => {
        // A page that spans `offset` may begin as many messages behind it as it has events.
        const state = await fold(sessionId, limit + 1_000, (now) => isSettled(now, offset))
        const older = state.messages.filter((message) => message.offset < offset)
        const messages = older.slice(-limit)
        const [first] = messages
        const more = older.length > messages.length || state.hasOlder
        return { messages, ...(more && first !== undefined && { before: first.offset }) }
      }),
    find: (sessionId, messageId) =>
      turn(async () => {
        const find = (state: ConversationState): Message | undefined =>
          state.messages.find((message) => message.id === messageId)
        return find(await fold(sessionId, 1, (state) => find(state) !== undefined))
      }),
  }
}

/** Whether everything that began before `offset` is there and has ended. */
function isSettled(state: ConversationState, offset: number): boolean {
  if ((state.position?.offset ?? 0) < offset) return false
  return !state.messages.some((message) => message.offset < offset && message.status === 'streaming')
}

function createTurns(concurrency: number): <T>(work: () => Promise<T>) => Promise<T> {
  const waiting: (() => void)[] = []
  let running = 0
  return async (work) => {
    if (running >= concurrency) {
      if (waiting.length >= MAX_WAITING)
        throw new StreamError('rate_limited', 'Busy: try again.', { status: 503 })
      await new Promise<void>((resolve) => waiting.push(resolve))
    }
    running += 1
    try {
      return await work()
    } finally {
      running -= 1
      waiting.shift()?.()
    }
  }
}
