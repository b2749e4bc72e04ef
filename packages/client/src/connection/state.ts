import type { StreamError, StreamErrorCode } from '@throughline/protocol'

/** What a connection is doing. `ended`, `failed` and `closed` are ends: only `retry`, `changed` or `start` leave the first two. */
export const CONNECTION_STATUSES = [
  'idle',
  'connecting',
  'open',
  'waiting',
  'offline',
  'paused',
  'authenticating',
  'resyncing',
  'ended',
  'failed',
  'closed',
] as const

/** One of `CONNECTION_STATUSES`. */
export type ConnectionStatus = (typeof CONNECTION_STATUSES)[number]

/** Why a connection rests: all tabs hidden and nothing running, the page in the back/forward cache, the caller's wish, another tab carries it, nothing to carry, nobody signed in. */
export type PauseReason = 'hidden' | 'page' | 'user' | 'tabs' | 'empty' | 'auth'

/** Which of the two transports an attempt uses. */
export type Lane = 'stream' | 'poll'

/** All that a connection knows; values only, so that a transition is a pure function of it. */
export interface ConnectionState {
  readonly status: ConnectionStatus
  /** While `open`: missing events are still arriving, or they come as they happen. */
  readonly phase: 'replaying' | 'live' | null
  /** Failures in a row. */
  readonly attempt: number
  /** While `waiting` or `offline`: when the next attempt begins, ms. */
  readonly retryAt: number | null
  /** Why it waits, is offline or failed. */
  readonly error: StreamError | null
  /** While `paused`. */
  readonly reasons: readonly PauseReason[]
  readonly lane: Lane
  /** When this status began, ms. */
  readonly since: number

  /** Number of the newest attempt; what an older one still says is ignored. */
  readonly generation: number
  /** The attempt that carries, or is about to. */
  readonly current: number | null
  /** The attempt that takes over once it has caught up. */
  readonly successor: number | null
  /** Which lane it takes; another one than `lane` makes it a probe. */
  readonly successorLane: Lane
  readonly successorSince: number
  /** When the current attempt was answered with 200. */
  readonly openedAt: number | null
  /** Last byte from the current attempt, as last reported. */
  readonly heardAt: number
  /** The current attempt has delivered an event. */
  readonly delivered: boolean
  /** What its hub announced as the time between heartbeats, ms. */
  readonly heartbeatMs: number | null

  readonly online: boolean
  /** When the page was hidden; `null` while it is visible. */
  readonly hiddenAt: number | null
  /** Answers in a row that were no event stream. */
  readonly mismatches: number
  /** Answers of 200 in a row that died or fell silent before they had caught up, and answers that never came. */
  readonly mutes: number
  /** When the poll lane was taken or last compared with the stream lane. */
  readonly polledSince: number
  /** A refresh of the credentials is under way. */
  readonly refreshing: boolean
  /** The credentials were refreshed and not yet accepted. */
  readonly refreshed: boolean
}

/** What is shown of a connection. */
export interface ConnectionView {
  readonly status: ConnectionStatus
  readonly phase: 'replaying' | 'live' | null
  readonly attempt: number
  readonly retryAt: number | null
  readonly error: StreamError | null
  /** `error.code`, or why the hub closed this session. */
  readonly code: StreamErrorCode | null
  readonly reasons: readonly PauseReason[]
  /** When this status began, ms. */
  readonly since: number
  /** Name of the transport in use. */
  readonly transport: string
  /** Whether this tab carries the connection for the others, is carried by one, or is alone. */
  readonly role: ConnectionRole
}

/** Whether a tab is alone, carries the connection for others, or is carried by one. */
export type ConnectionRole = 'solo' | 'leader' | 'follower'

/** What is known where no attempt is. */
export const NO_ATTEMPT = {
  retryAt: null,
  current: null,
  successor: null,
  successorLane: 'stream',
  openedAt: null,
  delivered: false,
  heartbeatMs: null,
} satisfies Partial<ConnectionState>

/** The state before anything happened. */
export function initialState(now: number): ConnectionState {
  return {
    ...NO_ATTEMPT,
    status: 'idle',
    phase: null,
    attempt: 0,
    error: null,
    reasons: [],
    lane: 'stream',
    since: now,
    generation: 0,
    successorSince: 0,
    heardAt: 0,
    online: true,
    hiddenAt: null,
    mismatches: 0,
    mutes: 0,
    polledSince: 0,
    refreshing: false,
    refreshed: false,
  }
}
