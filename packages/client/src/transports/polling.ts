import { StreamError } from '@throughline/protocol'
import type { ControlData, ControlType, Cursor, Envelope, Frame, Updates } from '@throughline/protocol'
import type { Send } from '../rest/request.ts'
import { sessionPath } from '../rest/sessions-api.ts'
import type { SessionCursor, Transport, TransportRequest } from './transport.ts'

/** How requests are made and how time passes. */
export interface PollingTransportOptions {
  readonly send: Send
  readonly now: () => number
  /** Resolves after so many ms, or when the signal aborts. */
  readonly pause: (ms: number, signal: AbortSignal) => Promise<void>
  /** How long the server may hold an answer back, in seconds. Default 20: less than the silence that is dead. */
  readonly waitSeconds?: number
}

/** With several sessions the newest is waited for, this long, and the others are asked in between. Seconds. */
const SHARED_WAIT_SECONDS = 5
/** An empty answer that came sooner than this was not held back; asking again at once would only make load. */
const HELD_MS = 1_000
const PAUSE_MS = 2_000

/**
 * Long-polling on the same cursors, for where a proxy keeps a stream from flowing. PROTOCOL.md §5.
 *
 * The answers are told as the frames that a stream would have had, so nothing above it knows the difference.
 */
export function createPollingTransport(options: PollingTransportOptions): Transport {
  return { name: 'polling', open: (request) => poll(options, request) }
}

interface Place extends SessionCursor {
  isCaughtUp: boolean
  after?: Cursor
}

async function* poll(options: PollingTransportOptions, request: TransportRequest): AsyncGenerator<Frame> {
  const { send, now, pause, waitSeconds = 20 } = options
  const { signal, onOpen, onActivity } = request
  let places: Place[] = request.cursors.map((cursor) => ({ ...cursor, isCaughtUp: false }))
  const isOnly = places.length === 1

  async function* ask(place: Place, wait: number): AsyncGenerator<Frame> {
    const { sessionId, after } = place
    const query = { after, wait: wait === 0 ? undefined : String(wait) }
    const began = now()
    try {
      const answer = (await send('GET', sessionPath(sessionId, '/updates'), { query, signal })) as Updates
      onActivity?.()
      onOpen?.()
      place.after = answer.cursor
      yield* framesOf(answer, place, now())
      const isEmpty = answer.events.length === 0 && answer.snapshot === undefined
      if (isEmpty && wait > 0 && now() - began < HELD_MS) await pause(PAUSE_MS, signal)
      if (isEmpty && !place.isCaughtUp) {
        place.isCaughtUp = true
        yield control('caught_up', { head: answer.cursor }, { sessionId, timestamp: now() })
      }
      if (answer.closed) places = places.filter((other) => other !== place)
    } catch (error) {
      if (isOnly || !(error instanceof StreamError) || (error.status !== 404 && error.status !== 410))
        throw error
      places = places.filter((other) => other !== place)
      yield control('session_closed', { code: error.code }, { sessionId, timestamp: now() })
    }
  }

  const isAborted = (): boolean => signal.aborted
  while (!isAborted() && places.length > 0) {
    const isBehind = places.some(({ isCaughtUp }) => !isCaughtUp)
    const last = places.at(-1)
    for (const place of places) {
      if (isAborted()) return
      const wait = place !== last || isBehind ? 0 : isOnly ? waitSeconds : SHARED_WAIT_SECONDS
      yield* ask(place, wait)
    }
  }
}

function* framesOf(answer: Updates, { sessionId }: Place, timestamp: number): Generator<Frame> {
  const scope = { sessionId, timestamp }
  if (answer.reset !== undefined) {
    const { head } = answer.reset
    yield control('reset', { reason: 'epoch', head }, scope)
  }
  if (answer.snapshot !== undefined) {
    const { reducerVersion, state, cursor } = answer.snapshot
    yield control('snapshot', { part: 1, parts: 1, reducerVersion, state }, { ...scope, id: cursor })
  }
  for (const event of answer.events) yield frame(event)
  if (answer.closed) yield control('session_closed', { code: 'session_expired' }, scope)
}

function control<T extends ControlType>(
  type: T,
  data: ControlData[T],
  scope: Pick<Envelope, 'sessionId' | 'timestamp' | 'id'>,
): Frame {
  return frame({ ...scope, type, data })
}

function frame(envelope: Envelope): Frame {
  return { event: envelope.type, data: JSON.stringify(envelope), id: envelope.id ?? '' }
}
