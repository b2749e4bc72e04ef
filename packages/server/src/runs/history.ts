import {
  StreamError,
  initialConversation,
  isEvent,
  reduceConversation,
  type ConversationState,
  type Message,
  type MessagePage,
} from '@throughline/protocol'
import { openEnvelope, type EventLog } from '@throughline/log'
import { STRIDE, createPlaceIndex, type MessagePlaces } from './message-places.ts'
import { createTurns } from './turns.ts'

export interface HistoryOptions {
  readonly log: EventLog
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
 * Reads a session once to learn where its messages begin, and then only what is asked for. A message needs nothing
 * that came before its begin, so a fold may start at any.
 */
export function createHistory({ log, concurrency = 2 }: HistoryOptions): History {
  const turn = createTurns(concurrency)
  const index = createPlaceIndex(log)

  /** What the messages that begin between a place and `before` add up to, read until all of them have ended. */
  const fold = async (
    sessionId: string,
    { epoch, starts }: MessagePlaces,
    { place, before }: { readonly place: number; readonly before: number },
  ): Promise<readonly Message[]> => {
    const position = { epoch, offset: starts[place] ?? 0 }
    let state: ConversationState = { ...initialConversation(sessionId), position }
    for (let from = position; ; from = state.position ?? from) {
      const page = await log.read(sessionId, from)
      state = reduceConversation(
        state,
        page.events.map((event) => openEnvelope(event, page.epoch)),
      )
      state = { ...state, runs: [], messages: state.messages.filter(({ offset }) => offset < before) }
      const at = page.events.at(-1)?.offset ?? page.head.offset
      if (at >= page.head.offset || isSettled(state, before)) return state.messages
    }
  }

  const pageBefore = async (sessionId: string, before: number, limit: number): Promise<MessagePage> => {
    const places = await index.upTo(sessionId, before)
    let place = placeBefore(places, before)
    for (let wanted = limit; ; wanted *= 2) {
      place = Math.max(0, place - Math.ceil(wanted / STRIDE))
      const older = await fold(sessionId, places, { place, before })
      // Messages that began twice stand only at their second place, so that there may be fewer than were counted.
      if (older.length < limit && place > 0) continue
      const messages = older.slice(-limit)
      const [first] = messages
      const more = older.length > messages.length || place > 0
      return { messages, ...(more && first !== undefined && { before: first.offset }) }
    }
  }

  /** The newest begin of a message between two places. */
  const beginOf = async (
    sessionId: string,
    { epoch, starts }: MessagePlaces,
    { place, messageId }: { readonly place: number; readonly messageId: string },
  ): Promise<number | undefined> => {
    const end = starts[place + 1] ?? Infinity
    let found: number | undefined
    for (let offset = starts[place] ?? 0; ;) {
      const page = await log.read(sessionId, { epoch, offset })
      for (const event of page.events) {
        if (event.offset > end || !(event.type === 'user_message' || event.type === 'message_started'))
          continue
        const envelope = openEnvelope(event, epoch)
        const isBegin = isEvent(envelope, 'user_message') || isEvent(envelope, 'message_started')
        if (isBegin && envelope.data.messageId === messageId) found = event.offset
      }
      offset = page.events.at(-1)?.offset ?? page.head.offset
      if (offset >= end || offset >= page.head.offset) return found
    }
  }

  const findMessage = async (sessionId: string, messageId: string): Promise<Message | undefined> => {
    const places = await index.upTo(sessionId, Infinity)
    // From the newest: what is asked for is seldom far back, and of two lives of a message the second counts.
    for (let place = places.starts.length - 1; place >= 0; place -= 1) {
      const begin = await beginOf(sessionId, places, { place, messageId })
      if (begin === undefined) continue
      const messages = await fold(sessionId, places, { place, before: begin + 1 })
      return messages.find((message) => message.id === messageId)
    }
    return undefined
  }

  const retrying = async <T>(sessionId: string, work: () => Promise<T>): Promise<T> => {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await work()
      } catch (error) {
        const isOvertaken = error instanceof StreamError && error.code === 'cursor_expired'
        if (!isOvertaken || attempt === ATTEMPTS) throw error
        index.forget(sessionId)
      }
    }
  }

  return {
    before: (sessionId, offset, limit) =>
      turn(() => retrying(sessionId, () => pageBefore(sessionId, offset, limit))),
    find: (sessionId, messageId) => turn(() => retrying(sessionId, () => findMessage(sessionId, messageId))),
  }
}

/** The newest place before an offset. */
function placeBefore({ starts }: MessagePlaces, offset: number): number {
  let [low, high] = [0, starts.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if ((starts[middle] ?? Infinity) < offset) low = middle + 1
    else high = middle
  }
  return Math.max(0, low - 1)
}

/** Whether everything that began before `offset` is there and has ended. */
function isSettled(state: ConversationState, offset: number): boolean {
  if ((state.position?.offset ?? 0) < offset) return false
  return !state.messages.some((message) => message.status === 'streaming')
}
