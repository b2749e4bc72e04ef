import type { EventLog } from '@throughline/log'
import type { ConversationState } from '@throughline/protocol'
import type { CloseReason, Sink } from './sink.ts'
import type { Timers } from './timers.ts'

/** One session of a subscription and where its reader stands. */
export interface SessionRequest {
  readonly sessionId: string
  /** The cursor text as the client sent it; malformed ones reset, in-band. Absent: join by snapshot. */
  readonly after?: string
}

export interface SubscribeOptions {
  readonly sessions: readonly SessionRequest[]
  readonly sink: Sink
  readonly userId: string
  /** Login id, for revocation of one login. */
  readonly sid?: string
  /** When the token ends, ms since 1970: the stream warns before it and ends then. */
  readonly expiresAt?: number
  /** Asked again at each heartbeat and each replay page; a false answer closes that session in-band. */
  readonly authorise: (sessionId: string) => Promise<boolean>
  /** How long to hold a page of the past back, ms; asked with its bytes before it goes out. Default: not at all. */
  readonly holdBack?: (bytes: number) => number
  /** Sessions refused before the subscription, to be told in-band as `session_closed {sessionId, code}`. */
  readonly refused?: readonly { readonly sessionId: string; readonly code: string }[]
}

/** One reader: a cursor for each session and a blocked flag, no queue. */
export interface Subscriber {
  /** Settles when the stream has ended, however. Never rejects. */
  readonly closed: Promise<CloseReason>
  close(reason: CloseReason): void
}

export interface HubOptions {
  readonly log: EventLog
  readonly now?: () => number
  readonly random?: () => number
  /** Default 15,000. */
  readonly heartbeatMs?: number
  /** Window that opens behind the first event after quiet. Default 16; 0 = none. */
  readonly coalesceMs?: number
  /** A stream's life, jittered by a tenth. Default 900,000. */
  readonly lifetimeMs?: number
  /** A reader blocked for longer is closed. Default 30,000. */
  readonly blockedMs?: number
  /** Encoded frames kept for each stream followed, in bytes. Default 1 MiB. */
  readonly ringBytes?: number
  /** The same for all streams together: those that grew least lately go back to reading the log. Default 256 MiB. */
  readonly ringTotalBytes?: number
  /** Every stream followed is looked at after this long without a hint: the floor when all are lost. Default 5,000. */
  readonly pollMs?: number
  /** Default: the runtime's. */
  readonly timers?: Timers
  /**
   * Called after events went out to all readers of a stream who could take them, with the time since this process had
   * learned of the first of them: once a flush, however many readers and events.
   */
  readonly onFlush?: (tookMs: number) => void
  /** Called with anything unexpected, for the operator's log. Carries no secret. */
  readonly onError?: (error: unknown, context: string) => void
}

export interface HubStats {
  readonly subscribers: number
  readonly streams: number
  readonly blocked: number
  /** Events still to be written: over all readers, and of the one that is furthest behind. */
  readonly lag: { readonly total: number; readonly most: number }
  readonly closes: Readonly<Record<CloseReason, number>>
  readonly resumes: Readonly<Record<'continued' | 'snapshot' | 'reset', number>>
}

export interface Hub {
  subscribe(options: SubscribeOptions): Subscriber
  /**
   * The session's folded state at its head, not older than the call. It holds the newest messages (at least as many as
   * a snapshot), those still streaming and those of open runs. @throws StreamError `not_found`, `stream_closed`
   */
  state(sessionId: string): Promise<ConversationState>
  /** Subscribers now, of one user or of all. */
  count(userId?: string): number
  stats(): HubStats
  /** Tells every reader to come back (`reconnect`, spread over `spreadMs`), then closes them. Idempotent. */
  drain(spreadMs: number): Promise<void>
}

export { createHub } from './create-hub.ts'
export type { Timers } from './timers.ts'
