import {
  StreamError,
  initialConversation,
  isEvent,
  reduceConversation,
  type ConversationState,
  type Message,
  type MessagePage,
  type Position,
} from '@throughline/protocol'
import { openEnvelope, type EventLog } from '@throughline/log'
import { beginsBefore, placeBefore } from './message-begins.ts'
import { createTurns } from './turns.ts'

export interface HistoryOptions {
  readonly log: EventLog
  /**
   * The newest messages of a session and all that are still streaming, as they are now: an answer that nobody ends need
   * not be read to the head. Default: it is.
   */
  readonly newest?: (sessionId: string) => Promise<readonly Message[]>
  /** Requests that read at one time; the others wait their turn. Default 2. */
  readonly concurrency?: number
}

/** What lies before the window that a snapshot holds. */
export interface History {
  /** The messages that began before an offset, the newest `limit` of them, oldest first. */
  before(sessionId: string, offset: number, limit: number): Promise<MessagePage>
  /** A message of any age. */
  find(sessionId: string, messageId: string): Promise<Message | undefined>
}

/** Attempts to read what is trimmed, or given another life, meanwhile. */
const ATTEMPTS = 5

/**
 * Reads only about as much as is asked for: a message needs nothing that came before its begin, so a fold may start at
 * any.
 */
export function createHistory({ log, newest, concurrency = 2 }: HistoryOptions): History {
  const turn = createTurns(concurrency)

  /** What the messages that begin between a place and `before` add up to, read until all of them have ended. */
  const fold = async (sessionId: string, start: Position, before: number): Promise<readonly Message[]> => {
    let state: ConversationState = { ...initialConversation(sessionId), position: start }
    let known: readonly Message[] | undefined
    for (let from = start; ; from = state.position ?? from) {
      // Whole pages: what began again soon after `before` does not stand twice.
      const page = await log.read(sessionId, from)
      state = reduceConversation(
        state,
        page.events.map((event) => openEnvelope(event, page.epoch)),
      )
      state = { ...state, runs: [], messages: state.messages.filter(({ offset }) => offset < before) }
      const { messages } = state
      const at = page.events.at(-1)?.offset ?? page.head.offset
      if (at >= page.head.offset) return messages
      if (at < before) continue
      if (!messages.some(isStreaming)) return messages
      known ??= (await newest?.(sessionId)) ?? []
      const ended = finish(messages, known)
      if (ended !== undefined) return ended
    }
  }

  const pageBefore = async (sessionId: string, before: number, limit: number): Promise<MessagePage> => {
    for (let wanted = limit; ; wanted *= 2) {
      const { position, isFirst } = await placeBefore(log, sessionId, { before, wanted })
      const older = await fold(sessionId, position, before)
      // Messages that began twice stand only at their second place, so that there may be fewer than were counted.
      if (older.length < limit && !isFirst) continue
      const messages = older.slice(-limit)
      const [first] = messages
      const more = older.length > messages.length || !isFirst
      return { messages, ...(more && first !== undefined && { before: first.offset }) }
    }
  }

  const findMessage = async (sessionId: string, messageId: string): Promise<Message | undefined> => {
    // From the newest: what is asked for is seldom far back, and of two lives of a message the second counts.
    for await (const { epoch, begins } of beginsBefore(log, sessionId, Infinity)) {
      const begin = begins.findLast((event) => {
        const envelope = openEnvelope(event, epoch)
        const isBegin = isEvent(envelope, 'user_message') || isEvent(envelope, 'message_started')
        return isBegin && envelope.data.messageId === messageId
      })
      if (begin === undefined) continue
      const position = { epoch, offset: begin.prev ?? begin.offset - 1 }
      const messages = await fold(sessionId, position, begin.offset + 1)
      return messages.find((message) => message.id === messageId)
    }
    return undefined
  }

  const retrying = async <T>(work: () => Promise<T>): Promise<T> => {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await work()
      } catch (error) {
        const isOvertaken = error instanceof StreamError && error.code === 'cursor_expired'
        if (!isOvertaken || attempt === ATTEMPTS) throw error
      }
    }
  }

  return {
    before: (sessionId, offset, limit) => turn(() => retrying(() => pageBefore(sessionId, offset, limit))),
    find: (sessionId, messageId) => turn(() => retrying(() => findMessage(sessionId, messageId))),
  }
}

function isStreaming({ status }: Message): boolean {
  return status === 'streaming'
}

/** The messages, those that are streaming as they are known to be now; `undefined` when one of them is not known. */
function finish(messages: readonly Message[], known: readonly Message[]): readonly Message[] | undefined {
  const now = new Map(known.map((message) => [message.offset, message]))
  const finished = messages.map((message) => (isStreaming(message) ? now.get(message.offset) : message))
  return finished.every((message) => message !== undefined) ? finished : undefined
}
