import { CONTROL_TYPES, SSEMessageType, StreamError } from '@throughline/protocol'
import type { Frame } from '@throughline/protocol'
import { streamQuery } from './sse.ts'
import type { Transport, TransportRequest } from './transport.ts'

/** What is used of an `EventSource`. */
export interface EventSourceLike {
  addEventListener(type: string, listener: (event: EventSourceEvent) => void): void
  close(): void
}

/** What is used of its events. */
export interface EventSourceEvent {
  readonly data?: unknown
  readonly lastEventId?: string
}

/** `EventSource`, or a class in its place. */
export type EventSourceConstructor = new (
  url: string,
  init?: { readonly withCredentials?: boolean },
) => EventSourceLike

/** Where the stream is and what opens it. */
export interface EventSourceTransportOptions {
  /** The route of the stream. Default `/api/sse`. */
  readonly url?: string
  /** Default: the platform's. */
  readonly eventSource?: EventSourceConstructor
  /** Default `true`. */
  readonly withCredentials?: boolean
  /** Types beyond the protocol's to listen for: a native `EventSource` tells only what it was asked by name. */
  readonly types?: readonly string[]
}

/** Frames that wait to be read; an `EventSource` cannot be slowed down. */
const MAX_WAITING = 10_000

/**
 * Server-Sent Events through the native `EventSource`, for those who need it to be that.
 *
 * It hides statuses, headers and comments, so every refusal looks like a broken network, and it has no back-pressure: a
 * reader that falls 10,000 events behind loses the attempt, not the events. Its own reconnecting is switched off.
 */
export function createEventSourceTransport(options: EventSourceTransportOptions = {}): Transport {
  return { name: 'event-source', open: (request) => listen(options, request) }
}

async function* listen(
  options: EventSourceTransportOptions,
  request: TransportRequest,
): AsyncGenerator<Frame> {
  const {
    url = '/api/sse',
    eventSource = globalThis.EventSource,
    withCredentials = true,
    types = [],
  } = options
  const { cursors, signal, onOpen, onActivity } = request
  if (signal.aborted) return
  const waiting: Frame[] = []
  const state: { error?: StreamError } = {}
  let wake = (): void => undefined
  const source = new eventSource(`${url}${streamQuery(cursors)}`, { withCredentials })
  const receive = (event: string) => (message: EventSourceEvent) => {
    if (typeof message.data !== 'string') return
    onActivity?.()
    if (waiting.length < MAX_WAITING)
      waiting.push({ event, data: message.data, id: message.lastEventId ?? '' })
    else state.error = new StreamError('network_error', 'More events came than could be read: resuming.')
    wake()
  }
  for (const type of new Set([
    'message',
    'error_event',
    ...Object.values(SSEMessageType),
    ...CONTROL_TYPES,
    ...types,
  ])) {
    source.addEventListener(type, receive(type))
  }
  source.addEventListener('open', () => {
    onActivity?.()
    onOpen?.()
  })
  source.addEventListener('error', ({ data }) => {
    // An event that the server named `error` is none of ours; one without data is the source's own.
    if (data !== undefined) return
    state.error = new StreamError('network_error', 'The stream broke.')
    wake()
  })
  const isAborted = (): boolean => signal.aborted
  const onAbort = (): void => {
    wake()
  }
  signal.addEventListener('abort', onAbort)
  try {
    for (;;) {
      if (isAborted()) return
      const frame = waiting.shift()
      if (frame !== undefined) yield frame
      else if (state.error !== undefined) throw state.error
      else await new Promise<void>((resolve) => (wake = resolve))
    }
  } finally {
    source.close()
    signal.removeEventListener('abort', onAbort)
  }
}
