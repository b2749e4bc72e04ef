import { formatCursor, type Envelope } from '@throughline/protocol'
import type { Gateway, GatewayRequest, GatewayResponse } from '../../gateway/exchange.ts'
import type { Hub } from '../hub.ts'
import type { Sink } from '../sink.ts'

/** The least that makes a hub reachable: streams, a body reader, plain answers. */
export interface TinyGateway extends Gateway {
  /** Bytes of frames that sinks took, of all streams. */
  readonly taken: number
  /** Streams whose request was seen as aborted. */
  readonly aborted: number
  /** Bytes of request bodies read so far. */
  readonly read: number
  /** Lets `/hold` answer, and `/sip` read on. */
  release(): void
}

const STREAM_HEADERS = { 'Content-Type': 'text/event-stream; charset=utf-8', 'Cache-Control': 'no-cache' }

export function createTinyGateway(hub: Hub): TinyGateway {
  const counts = { taken: 0, aborted: 0, read: 0 }
  let release = (): void => undefined
  const held = new Promise<void>((resolve) => {
    release = resolve
  })

  function stream(query: URLSearchParams): GatewayResponse {
    const after = query.get('after')
    return {
      kind: 'stream',
      status: 200,
      headers: STREAM_HEADERS,
      open: (sink) =>
        hub.subscribe({
          sessions: [{ sessionId: query.get('sessionId') ?? '', ...(after !== null && { after }) }],
          sink: counting(sink),
          userId: 'ada',
          authorise: () => Promise.resolve(true),
        }),
    }
  }

  function counting(sink: Sink): Sink {
    return {
      write(frames) {
        counts.taken += frames.length
        return sink.write(frames)
      },
      onDrain: (listener) => {
        sink.onDrain(listener)
      },
      onClose: (listener) => {
        sink.onClose(listener)
      },
      close: (reason) => {
        sink.close(reason)
      },
    }
  }

  async function readBody(request: GatewayRequest, limit: number): Promise<GatewayResponse> {
    for await (const bytes of request.body) {
      counts.read += bytes.length
      if (counts.read > limit) return reply(413, 'too large')
    }
    return reply(200, String(counts.read))
  }

  return {
    get taken() {
      return counts.taken
    },
    get aborted() {
      return counts.aborted
    },
    get read() {
      return counts.read
    },
    release() {
      release()
    },
    async handle(request) {
      const { pathname, searchParams } = new URL(request.url, 'http://hub.test')
      request.signal.addEventListener('abort', () => counts.aborted++)
      switch (pathname) {
        case '/stream':
          return stream(searchParams)
        case '/hold':
          await held
          return reply(200, 'held')
        case '/body':
          return await readBody(request, 1e9)
        case '/small-body':
          return await readBody(request, 1_000)
        case '/sip':
          await held
          return await readBody(request, 1e9)
        case '/empty':
          return { kind: 'reply', status: 204, headers: { 'X-One': 'a', 'Set-Cookie': ['b=1', 'c=2'] } }
        case '/who':
          return reply(
            200,
            `${request.method} ${request.protocol} ${request.remoteAddress} ${request.header('x-a') ?? '-'}`,
          )
        default:
          return undefined
      }
    },
  }
}

function reply(status: number, body: string): GatewayResponse {
  return { kind: 'reply', status, headers: { 'Content-Type': 'text/plain' }, body }
}

/** Offsets of the stored events among these. */
export function offsetsOf(envelopes: readonly Envelope[]): number[] {
  return envelopes.flatMap(({ id, type }) =>
    id === undefined || type === 'snapshot' ? [] : [Number(id.slice(id.lastIndexOf('-') + 1))],
  )
}

/** A path that resumes a session's stream. */
export function streamPath(sessionId: string, epoch?: string, offset = 0): string {
  const after = epoch === undefined ? '' : `&after=${formatCursor({ epoch, offset })}`
  return `/stream?sessionId=${sessionId}${after}`
}
