import type { Cursor } from './cursor.ts'
import type { Envelope } from './envelope.ts'
import type { Attachment, RunKind } from './events.ts'
import type { StreamErrorCode } from './stream-error-code.ts'
import type { Message } from './conversation-state.ts'

/** Body of every refusal: `application/problem+json`. PROTOCOL.md §5. */
export interface Problem {
  readonly title: string
  readonly status: number
  readonly code: StreamErrorCode
  /** What to do about it; never an internal text. */
  readonly detail?: string
}

/** A session as listed. */
export interface SessionSummary {
  readonly id: string
  readonly title: string
  readonly archived: boolean
  readonly createdAt: number
  readonly updatedAt: number
  /** A run is queued or running. */
  readonly active: boolean
}

export interface SessionList {
  readonly sessions: readonly SessionSummary[]
  /** `updatedAt` to pass as `before` for the next page; absent on the last. */
  readonly before?: string
}

export interface SendMessage {
  readonly content: string
  /** Chosen by the sender; the same one always gets the same answer. */
  readonly clientMessageId: string
  readonly parentId?: string | null
  readonly attachments?: readonly Attachment[]
  readonly options?: RunOptions
}

/** How a person wants an answer made. */
export interface RunOptions {
  /** The team asks for the plan to be approved or edited before it researches. Default: false. */
  readonly approvePlan?: boolean
  /** What the team's own words are in, as a language tag: `de`, `de-AT`. Default: the team's own language. */
  readonly language?: string
}

/** Answer to a command that was written to the log. */
export interface CommandAccepted {
  readonly messageId: string
  readonly runId: string
  readonly cursor: Cursor
}

/** Poll and long-poll answer. */
export interface Updates {
  readonly events: readonly Envelope[]
  readonly cursor: Cursor
  readonly reset?: { readonly reason: string; readonly head: Cursor }
  /** JSON of a `ConversationState` at some cursor; the events follow it. */
  readonly snapshot?: { readonly reducerVersion: number; readonly state: string; readonly cursor: Cursor }
  readonly closed: boolean
}

export interface MessagePage {
  readonly messages: readonly Message[]
  /** Offset to pass as `before` for older ones; absent at the beginning. */
  readonly before?: number
}

export interface ProducedEvent {
  readonly type: string
  readonly data: unknown
  readonly runId?: string
  readonly agentId?: string
  readonly messageId?: string
  readonly parentId?: string | null
}

export interface ProduceBatch {
  readonly events: readonly ProducedEvent[]
  readonly producerId: string
  /** 1 on the producer's first batch, then one more for each. */
  readonly producerSeq: number
  readonly runId?: string
  readonly fence?: number
}

/** One line of an NDJSON body: an event with its producer's number for it. */
export interface ProduceLine extends ProducedEvent {
  readonly producerSeq: number
}

/** Body of `POST /api/sessions` and `PUT /api/sessions/A`. */
export interface CreateSession {
  /** Default: the first line of the first message. */
  readonly title?: string
}

/** Body of `PATCH /api/sessions/A`: what changes. */
export interface SessionPatch {
  readonly title?: string
  readonly archived?: boolean
}

/** Body of `POST …/runs/R/input`: an answer to a request, or an unasked word to a running team. */
export interface InputResolution {
  /** The request it answers; absent when steering. */
  readonly inputId?: string
  /** What was decided, in the words of the request's `kind`: `approve`, `edit`, `reject`, `steer` … */
  readonly decision: string
  readonly value?: unknown
}

/** What a run has to answer. */
export interface RunInput {
  readonly kind: RunKind
  /** The user's message to answer. */
  readonly messageId: string
  /** The partial answer to go on from, for `continue`. */
  readonly continueFrom?: string
  /** The message that the answer hangs under in the tree. */
  readonly parentId: string | null
  readonly options?: RunOptions
}

/** Answer of `POST /api/runs/claim`: the run is the caller's until `ttl` passes without a renewal or an append. */
export interface ClaimedRun {
  readonly sessionId: string
  readonly userId: string
  readonly runId: string
  readonly fence: number
  /** Milliseconds. */
  readonly ttl: number
  readonly input: RunInput
  /** Where the session's stream stood when claimed: tail from here for cancel and input. */
  readonly cursor: Cursor
}

export interface WhoAmI {
  readonly userId: string
  readonly guest: boolean
  readonly name: string
  /** When the access token ends, ms since 1970. */
  readonly expiresAt: number
}
