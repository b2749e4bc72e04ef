import { createSseDecoder } from '@throughline/protocol'
import type { Frame } from '@throughline/protocol'
import { loadReader } from '../reading/load-reader.ts'
import type { SessionCursor, Transport, TransportRequest } from './transport.ts'

/** Where the stream is and how requests are made. */
export interface SseTransportOptions {
  /** The route of the stream. Default `/api/sse`. */
  readonly url?: string
  readonly fetch: (input: string, init: RequestInit) => Promise<Response>
  /** Asked at each attempt; `Authorization` and what else a request carries. */
  readonly headers?: () => Readonly<Record<string, string>> | Promise<Readonly<Record<string, string>>>
  /** Default `true`. */
  readonly withCredentials?: boolean
  readonly now?: () => number
}

/** Server-Sent Events over streaming `fetch`: with statuses, headers and back-pressure. PROTOCOL.md §4. */
export function createSseTransport(options: SseTransportOptions): Transport {
  return { name: 'sse', open: (request) => readStream(options, request) }
}

async function* readStream(options: SseTransportOptions, request: TransportRequest): AsyncGenerator<Frame> {
  const { url = '/api/sse', fetch, headers, withCredentials = true, now = Date.now } = options
  const { cursors, signal, onOpen, onActivity } = request
  const lastEventId = cursors.find(({ after }) => after)?.after
  const loading = loadReader()
  const response = await fetch(`${url}${streamQuery(cursors)}`, {
    signal,
    cache: 'no-store',
    credentials: withCredentials ? 'include' : 'omit',
    headers: {
      Accept: 'text/event-stream',
      'X-Throughline': '1',
      ...(lastEventId && { 'Last-Event-ID': lastEventId }),
      ...(await headers?.()),
    },
  })
  const { readRefusal } = await loading
  const isStream = /^text\/event-stream\b/i.test(response.headers.get('content-type') ?? '')
  if (response.status !== 200 || !isStream || response.body === null) {
    throw await readRefusal(response, now())
  }
  onOpen?.()
  let frames: Frame[] = []
  const decoder = createSseDecoder({ onFrame: (frame) => frames.push(frame) })
  const reader = response.body.getReader()
  try {
    for (;;) {
      const { done, value } = await reader.read()
      if (done) break
      onActivity?.()
      decoder.push(value)
      const batch = frames
      frames = []
      yield* batch
    }
  } finally {
    // Whoever stops reading must not leave the connection open behind.
    await reader.cancel().catch(() => undefined)
  }
}

/** `?sessionId=A&after=CURSOR`, in pairs when there are several; an empty `after` stands for none. */
export function streamQuery(cursors: readonly SessionCursor[]): string {
  const query = new URLSearchParams()
  for (const { sessionId, after } of cursors) {
    query.append('sessionId', sessionId)
    if (after !== undefined || cursors.length > 1) query.append('after', after ?? '')
  }
  return `?${String(query)}`
}
