import type { Sink } from '../hub/sink.ts'
import type { Subscriber } from '../hub/hub.ts'

/** A request as the gateway sees it, whatever server it came through. */
export interface GatewayRequest {
  readonly method: string
  /** Path and query as sent, e.g. `/api/sse?sessionId=a`. */
  readonly url: string
  /** `https` when the browser spoke TLS to us or to a trusted proxy. */
  readonly protocol: 'http' | 'https'
  /** Address of the peer; behind `TRUSTED_PROXIES` the client's. */
  readonly remoteAddress: string
  /** First value of a header, lower-case name. */
  header(name: string): string | undefined
  /** The body as it arrives; reading it slowly slows the sender. */
  readonly body: AsyncIterable<Uint8Array>
  /** The whole body. @throws StreamError 413 when it is longer than `limit` bytes */
  bytes(limit: number): Promise<Uint8Array>
  /** Aborted when the peer leaves. */
  readonly signal: AbortSignal
}

export type HeaderMap = Readonly<Record<string, string | readonly string[]>>

export interface Reply {
  readonly kind: 'reply'
  readonly status: number
  readonly headers: HeaderMap
  readonly body?: string
}

/** A stream: headers go out at once, then `open` is called with a sink for the frames. */
export interface StreamReply {
  readonly kind: 'stream'
  readonly status: 200
  readonly headers: HeaderMap
  open(sink: Sink): Subscriber
}

export type GatewayResponse = Reply | StreamReply

/** All routes of PROTOCOL.md §4–§5 behind the gate of §6. */
export interface Gateway {
  /** `undefined` when the path is not ours (pages). Never rejects: failures are answers. */
  handle(request: GatewayRequest): Promise<GatewayResponse | undefined>
}
