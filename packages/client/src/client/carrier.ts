import type { ConversationState, Cursor, Envelope } from '@throughline/protocol'
import type { ConnectionSink } from '../connection/connection.ts'
import { reader } from '../reading/load-reader.ts'
import type { HostedSession } from '../session/create-session.ts'
import type { FlushClock } from '../store/flush-clock.ts'
import type { Receipt } from '../store/session-store.ts'
import type { Observer } from './observer.ts'

/** Sessions that one connection carries. PROTOCOL.md §4. */
const MAX_SESSIONS = 32

/** What is shown the moment it comes, when it has just happened. */
const URGENT: ReadonlySet<string> = new Set([
  'message_completed',
  'run_completed',
  'error_occurred',
  'input_requested',
  'user_message',
  'session_closed',
])

/** What is told of the stream itself. */
const TOLD: ReadonlySet<string> = new Set(['heartbeat', 'reset', 'caught_up', 'reconnect', 'auth_expiring'])

export interface CarrierOptions {
  readonly find: (sessionId: string) => HostedSession | undefined
  /** The sessions watched, the longest watched first. */
  readonly watched: () => readonly string[]
  readonly flushClock: FlushClock
  readonly observer: Observer
  /** Told of what the hub says about the stream. */
  readonly onControl: (envelope: Envelope) => void
  /** Whether what comes now has just happened. */
  readonly isLive: () => boolean
}

/** A session with everything that was received folded. */
export interface CarriedState {
  readonly head: Cursor
  readonly conversation: ConversationState
}

/** Brings what a connection carries to the sessions it belongs to. */
export interface Carrier extends ConnectionSink {
  /** Whether the newest attempt carries other sessions than are watched. */
  isOutdated(): boolean
  /** Whether everything up to these cursors was received; sessions that lost something have dropped theirs. */
  expectHeads(heads: Readonly<Record<string, Cursor>>): boolean
  /** Where the sessions carried stand, as of what was received. */
  heads(): Readonly<Record<string, Cursor>>
  /** A session carried and where it stands; `undefined` when nothing is known of it yet. */
  stateOf(sessionId: string): CarriedState | undefined
  /** Whether there is nothing to carry. */
  isEmpty(): boolean
}

export function createCarrier(options: CarrierOptions): Carrier {
  const { find, watched, flushClock, observer, isLive, onControl } = options
  let carried: readonly string[] = []

  const isOpen = (sessionId: string): boolean => find(sessionId)?.store.folded.closed === null

  const wanted = (): readonly string[] => watched().filter(isOpen).slice(-MAX_SESSIONS)

  /** Where a session stands with everything that was received folded. */
  const standing = (sessionId: string): Cursor | undefined => {
    const session = find(sessionId)
    session?.flush()
    return session?.store.cursor()
  }

  const expectHeads = (heads: Readonly<Record<string, string>>): boolean => {
    const missed = Object.entries(heads).filter(
      ([id, head]) => carried.includes(id) && !find(id)?.store.expect(head),
    )
    return missed.length === 0
  }

  const take = (envelope: Envelope, length: number): Receipt => {
    if (TOLD.has(envelope.type)) onControl(envelope)
    if (reader.isEvent(envelope, 'heartbeat')) return expectHeads(envelope.data.heads) ? 'new' : 'lost'
    if (envelope.type === 'reconnect' || envelope.type === 'auth_expiring') return 'new'
    const session = find(envelope.sessionId)
    if (session === undefined) return 'useless'
    const receipt = session.store.receive(envelope)
    flushClock.add(length, isLive() && URGENT.has(envelope.type))
    return receipt
  }

  const receive = (envelope: Envelope, length: number): boolean => {
    const receipt = take(envelope, length)
    observer.received(envelope, receipt, length)
    return receipt !== 'lost'
  }

  return {
    receive,
    full: () => flushClock.full(),
    cursors() {
      carried = wanted()
      return carried.map((sessionId) => {
        const after = standing(sessionId)
        return after === undefined ? { sessionId } : { sessionId, after }
      })
    },
    forget() {
      for (const sessionId of carried) find(sessionId)?.store.forget()
    },
    isBusy: () =>
      carried.some((sessionId) => {
        const runs = find(sessionId)?.store.folded.conversation.runs ?? []
        return runs.some(({ status }) => status === 'queued' || status === 'running')
      }),
    isOutdated() {
      const now = wanted()
      const unwanted = carried.filter((sessionId) => !now.includes(sessionId) && isOpen(sessionId))
      return unwanted.length > 0 || now.some((sessionId) => !carried.includes(sessionId))
    },
    expectHeads,
    heads() {
      const known = carried.map((sessionId) => [sessionId, standing(sessionId)] as const)
      return Object.fromEntries(known.filter((entry): entry is [string, Cursor] => entry[1] !== undefined))
    },
    stateOf(sessionId) {
      const head = carried.includes(sessionId) ? standing(sessionId) : undefined
      const conversation = find(sessionId)?.store.folded.conversation
      return head === undefined || conversation === undefined ? undefined : { head, conversation }
    },
    isEmpty: () => wanted().length === 0,
  }
}
