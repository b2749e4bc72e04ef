import type { Cursor } from './cursor.ts'
import type { ControlData, ControlType, EventData, KnownEventType } from './events.ts'

/** The ids an event may belong to. */
export interface EventScope {
  readonly runId?: string
  readonly agentId?: string
  readonly messageId?: string
  /** The message that this one answers or replaces; `null` at the root. Messages form a tree. */
  readonly parentId?: string | null
}

/** One event as it travels: one `data:` line, a poll answer's item, a message between tabs. PROTOCOL.md §2. */
export interface Envelope<T extends string = string, D = unknown> extends EventScope {
  /** The event's cursor; absent on ephemeral and control events, which so cannot move the resume point. */
  readonly id?: Cursor
  /** Offset of the event stored before this one, when that is not `offset - 1` (after compaction). */
  readonly prev?: number
  readonly type: T
  readonly data: D
  /** Server's clock, milliseconds since 1970. */
  readonly timestamp: number
  readonly sessionId: string
}

/** An event of a type that the protocol defines. */
export type KnownEnvelope = { [T in KnownEventType]: Envelope<T, EventData[T]> }[KnownEventType]

/** An event about the stream itself. */
export type ControlEnvelope = { [T in ControlType]: Envelope<T, ControlData[T]> }[ControlType]

/** An event before it is appended: no id, no time, no session yet. */
export interface Draft<T extends string = string, D = unknown> extends EventScope {
  readonly type: T
  readonly data: D
}

/** A draft of a type that the protocol defines. */
export type KnownDraft = { [T in KnownEventType]: Draft<T, EventData[T]> }[KnownEventType]
