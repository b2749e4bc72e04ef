import type { ConversationState, Cursor, Envelope, StreamErrorCode } from '@throughline/protocol'
import type { ConnectionRole, ConnectionStatus, ConnectionView, PauseReason } from '../connection/state.ts'
import type { Receipt } from '../store/session-store.ts'

/** What every entry has. */
interface EntryBase {
  /** Counts from 1 and is never used twice in one inspection; a capture keeps it. */
  readonly number: number
  /** This browser's clock when it was noted, ms since 1970. */
  readonly at: number
}

/** An event as it came, of any kind: stored, ephemeral or control. */
export interface EventEntry extends EntryBase {
  readonly kind: 'event'
  readonly envelope: Envelope
  readonly cursor: Cursor | null
  /**
   * `new`: it counts. `repeated`: told before, dropped. `useless`: it came while a snapshot was awaited, dropped. `lost`:
   * it shows that one before it is missing, and the session joins anew.
   */
  readonly receipt: Receipt
  /** Since the server wrote it, ms; includes how far the two clocks are apart. Of a replayed event, its age. */
  readonly lagMs: number
  /** Whether it had just happened, or was replayed. */
  readonly isLive: boolean
  /** Whether this tab's connection brought it, or the tab that leads. */
  readonly via: 'connection' | 'tab'
}

/** What of a connection can be seen to change. */
export type ConnectionAspect = 'status' | 'phase' | 'attempt' | 'error' | 'transport' | 'role' | 'reasons'

/** The connection stands otherwise than before. */
export interface ConnectionEntry extends EntryBase {
  readonly kind: 'connection'
  /** What is different from the connection entry before. */
  readonly changed: readonly ConnectionAspect[]
  readonly status: ConnectionStatus
  readonly phase: 'replaying' | 'live' | null
  /** Failures in a row. */
  readonly attempt: number
  /** When the next attempt begins, ms since 1970. */
  readonly retryAt: number | null
  readonly reasons: readonly PauseReason[]
  readonly transport: string
  readonly role: ConnectionRole
  /** Why it waits, is offline or failed. */
  readonly cause: ConnectionCause | null
}

/** Why a connection does not stand. */
export interface ConnectionCause {
  readonly code: StreamErrorCode
  /** HTTP status, when the server answered. */
  readonly status: number | null
  readonly message: string
}

/** A session goes on from this state: it was held when the inspection began, or kept from before a reload. */
export interface StateEntry extends EntryBase {
  readonly kind: 'state'
  readonly conversation: ConversationState
}

/** One thing that happened. */
export type InspectionEntry = EventEntry | ConnectionEntry | StateEntry

/** The session an entry is about; `undefined` when it is about all of them. */
export function sessionOf(entry: InspectionEntry): string | undefined {
  switch (entry.kind) {
    case 'event':
      return entry.envelope.type === 'heartbeat' ? undefined : entry.envelope.sessionId
    case 'state':
      return entry.conversation.sessionId
    case 'connection':
      return undefined
  }
}

type ConnectionShown = Omit<ConnectionEntry, keyof EntryBase | 'changed' | 'kind'>

/** What is noted of a connection. */
export function connectionShown(view: ConnectionView): ConnectionShown {
  const { status, phase, attempt, retryAt, reasons, transport, role, error } = view
  const cause =
    error === null ? null : { code: error.code, status: error.status ?? null, message: error.message }
  return { status, phase, attempt, retryAt, reasons, transport, role, cause }
}

/** In what two differ. */
export function connectionChanges(
  before: ConnectionShown,
  after: ConnectionShown,
): readonly ConnectionAspect[] {
  const plain = (['status', 'phase', 'attempt', 'transport', 'role'] as const).filter(
    (aspect) => before[aspect] !== after[aspect],
  )
  const isOtherError = before.cause?.message !== after.cause?.message
  const areOtherReasons = before.reasons.join() !== after.reasons.join()
  return [
    ...plain,
    ...(isOtherError ? (['error'] as const) : []),
    ...(areOtherReasons ? (['reasons'] as const) : []),
  ]
}
