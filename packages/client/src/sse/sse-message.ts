import type { SSEMessageType } from '@throughline/protocol'

/** The specification's message: one event as listeners get it. */
export interface SSEMessage<D = unknown> {
  readonly type: SSEMessageType | (string & {})
  readonly data: D
  /** Server's clock, milliseconds since 1970. */
  readonly timestamp: number
  readonly sessionId: string
  readonly agentId?: string
}

/** The specification's options. */
export interface SSEConfig {
  /** The route of the stream. Default `/api/sse`. */
  readonly url: string
  /** Base of the back-off, ms. Default 500. */
  readonly reconnectInterval: number
  /** Default: never gives up. */
  readonly maxReconnectAttempts: number
  /** Expected between heartbeats, ms. Default 15,000. */
  readonly heartbeatInterval: number
  /** Until the server must have answered, ms. Default 10,000. */
  readonly timeout: number
  /** Default `true`. */
  readonly withCredentials: boolean
}

/** What `sendMessage` takes: the text, or the text and what goes with it. */
export type OutboundMessage = string | { readonly content: string; readonly parentId?: string | null }
