import type { StreamError } from '@throughline/protocol'
import type { BackoffOptions } from './backoff.ts'
import type { ConnectionState, Lane, PauseReason } from './state.ts'

/** When a server counts as gone. */
export interface LivenessOptions {
  /** Milliseconds between the heartbeats of a hub that does not announce it. Default 15,000; silent for 10 s longer is dead. */
  readonly heartbeatInterval?: number
  /** Milliseconds until the server must have answered. Default 10,000. */
  readonly timeout?: number
}

/** How the refresh of the credentials went. */
export type RefreshOutcome = 'renewed' | 'denied' | 'unreachable'

/** What can happen to a connection. Those with a `generation` come from that attempt. */
export type ConnectionInput =
  | { readonly type: 'start' | 'close' | 'online' | 'offline' | 'hidden' | 'visible' }
  | { readonly type: 'pause' | 'resume'; readonly reason: PauseReason }
  /** A person does not want to wait. */
  | { readonly type: 'retry' }
  /** Other sessions are to be carried, or with other credentials. */
  | { readonly type: 'changed' }
  /** The deadline has come, or the page woke. `busy`: a run is active or some tab is looked at. */
  | { readonly type: 'timer'; readonly heardAt: number; readonly busy: boolean }
  | { readonly type: 'refreshed'; readonly outcome: RefreshOutcome }
  /** An event was lost, or what was assembled is wrong: the session has dropped its cursor. */
  | { readonly type: 'gap' }
  /** The server accepted. */
  | { readonly type: 'opened'; readonly generation: number }
  /** The attempt's first frame. */
  | { readonly type: 'delivered'; readonly generation: number }
  /** Every session of the attempt has caught up. `heartbeatMs`: how often the hub says that it will be heard. */
  | { readonly type: 'caught_up'; readonly generation: number; readonly heartbeatMs?: number | undefined }
  | { readonly type: 'reset'; readonly generation: number }
  | { readonly type: 'reconnect'; readonly generation: number; readonly afterMs: number }
  | { readonly type: 'auth_expiring'; readonly generation: number }
  | { readonly type: 'dropped'; readonly generation: number; readonly error: StreamError }

/** What the runner is to do. */
export type ConnectionEffect =
  | { readonly type: 'open'; readonly generation: number; readonly lane: Lane }
  | { readonly type: 'abort'; readonly generation: number }
  | { readonly type: 'refresh' }
  /** Drop every cursor: the sessions join anew by snapshot. */
  | { readonly type: 'forget' }

/** What follows an input. */
export interface Step {
  readonly state: ConnectionState
  readonly effects: readonly ConnectionEffect[]
}

/** The limits a connection lives by. */
export interface ConnectionLimits {
  readonly backoff: BackoffOptions
  /** Until the server must have answered, ms. */
  readonly timeoutMs: number
  /** Between the hub's heartbeats, until it announces it itself, ms. */
  readonly heartbeatMs: number
  /** Whether there is a poll lane to fall back to. */
  readonly canPoll: boolean
}

/** What a transition may ask beside state and input. */
export interface TransitionContext extends ConnectionLimits {
  readonly now: number
  readonly random: () => number
}

/** Silence beyond the heartbeat that a stream is allowed. */
export const SILENCE_SLACK_MS = 10_000
/** A hub that announces a longer heartbeat is not believed: nobody would notice that it is gone. */
export const MAX_HEARTBEAT_MS = 600_000
/** Open this long, and with an event, an attempt has succeeded. */
export const SETTLED_MS = 5_000
/** A hidden page with nothing running lets go after this. */
export const HIDDEN_MS = 60_000
/** A browser that says it is offline may be wrong (a server on the same machine): tried this rarely. */
export const OFFLINE_RETRY_MS = 30_000
/** On the poll lane the stream lane is tried again this often. */
export const PROBE_MS = 300_000
/** A hub that asks to come back later is believed up to this. */
export const MAX_AFTER_MS = 60_000
/** Wait after `online` is drawn from 0 to this. */
export const ONLINE_JITTER_MS = 1_000
/** That many wrong answers in a row end it; that many mute ones take the poll lane. */
export const STRIKES = 3
