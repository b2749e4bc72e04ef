import type { GatewayRequest } from '../gateway/exchange.ts'
import { WholeBody } from '../gateway/whole-body.ts'

/** What a Fetch request does not tell itself. */
export interface RequestInfo {
  /** Address of the client, as far as the platform knows it. Default: empty. */
  readonly remoteAddress?: string
  /** What the browser spoke, as far as the platform knows it. Default: as the request's URL says. */
  readonly protocol?: GatewayRequest['protocol']
}

/** A Fetch request as the gate and the gateway see it. */
export function toGatewayRequest(request: Request, info: RequestInfo): GatewayRequest {
  const { pathname, search, protocol } = new URL(request.url)
  const { remoteAddress = '' } = info
  return {
    method: request.method,
    url: pathname + search,
    protocol: info.protocol ?? (protocol === 'https:' ? 'https' : 'http'),
    remoteAddress,
    header: (name) => request.headers.get(name) ?? undefined,
    body: { [Symbol.asyncIterator]: () => readBody(request) },
    async bytes(limit) {
      const whole = new WholeBody(limit)
      for await (const chunk of readBody(request)) whole.add(chunk)
      return whole.bytes()
    },
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
