import type { Cursor, Frame } from '@throughline/protocol'

/** A session to carry and where its reader stands; without `after` it joins by snapshot. */
export interface SessionCursor {
  readonly sessionId: string
  readonly after?: Cursor
}

/** One attempt. */
export interface TransportRequest {
  readonly cursors: readonly SessionCursor[]
  readonly signal: AbortSignal
  /** To be called once the server has accepted, before the first frame. */
  readonly onOpen?: () => void
  /** To be called for any bytes: they prove the server alive. */
  readonly onActivity?: () => void
}

/**
 * One way to get frames from a hub.
 *
 * `open` makes one attempt and never reconnects. Its iterator returns when the server ends the stream or the signal
 * aborts, and throws a `StreamError` that carries the `status` of a refusal, and `retryAfterMs` when the server named
 * it. It reads only as fast as it is iterated.
 */
export interface Transport {
  readonly name: string
  open(request: TransportRequest): AsyncIterable<Frame>
}
