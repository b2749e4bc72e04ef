import type { Gateway, GatewayRequest, HeaderMap, StreamReply } from '../gateway/exchange.ts'
import { leftSink } from '../hub/left-sink.ts'
import { WebSink } from './web-sink.ts'

/** What a Fetch request does not tell itself. */
export interface RequestInfo {
  /** Address of the client, as far as the platform knows it. Default: empty. */
  readonly remoteAddress?: string
}

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

function toGatewayRequest(request: Request, { remoteAddress = '' }: RequestInfo): GatewayRequest {
  const { pathname, search, protocol } = new URL(request.url)
  return {
    method: request.method,
    url: pathname + search,
    protocol: protocol === 'https:' ? 'https' : 'http',
    remoteAddress,
    header: (name) => request.headers.get(name) ?? undefined,
    body: { [Symbol.asyncIterator]: () => readBody(request) },
    signal: request.signal,
  }
}

async function* readBody(request: Request): AsyncGenerator<Uint8Array, void, undefined> {
  const reader = request.body?.getReader()
  if (reader === undefined) return
  try {
    for (;;) {
      const { done, value } = await reader.read()
      if (done) return
      yield value
    }
  } finally {
    // Stopped early or at its end: nobody reads on, and a sender that failed has nothing more to say.
    reader.cancel().catch(() => undefined)
  }
}

function toHeaders(map: HeaderMap): Headers {
  const headers = new Headers()
  for (const [name, value] of Object.entries(map)) {
    for (const one of typeof value === 'string' ? [value] : value) headers.append(name, one)
  }
  return headers
}
