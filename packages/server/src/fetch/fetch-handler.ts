import type { Gateway, StreamReply } from '../gateway/exchange.ts'
import { leftSink } from '../hub/left-sink.ts'
import { toHeaders } from './fetch-headers.ts'
import { toGatewayRequest, type RequestInfo } from './fetch-request.ts'
import { WebSink } from './web-sink.ts'

/** Answers Fetch requests. Resolves with `undefined` when the path is not ours. */
export type FetchHandler = (request: Request, info?: RequestInfo) => Promise<Response | undefined>

/** The gateway on any server that speaks the Fetch API: Next route handlers, edge runtimes, Bun, Deno. */
export function createFetchHandler(gateway: Gateway): FetchHandler {
  return async (request, info = {}) => {
    const answer = await gateway.handle(toGatewayRequest(request, info))
    if (answer === undefined) return undefined
    const { status } = answer
    const headers = toHeaders(answer.headers)
    if (request.method === 'HEAD') {
      if (answer.kind === 'stream') answer.open(leftSink)
      return new Response(null, { status, headers })
    }
    if (answer.kind === 'reply') return new Response(answer.body ?? null, { status, headers })
    return new Response(openStream(answer, request.signal), { status, headers })
  }
}

function openStream(answer: StreamReply, signal: AbortSignal): ReadableStream<Uint8Array<ArrayBuffer>> {
  const sink = new WebSink()
  const leave = (): void => {
    sink.leave()
  }
  const { closed } = answer.open(sink)
  if (signal.aborted) leave()
  signal.addEventListener('abort', leave)
  void closed.then(() => {
    signal.removeEventListener('abort', leave)
  })
  return sink.stream
}
