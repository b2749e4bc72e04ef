import {
  initialConversation,
  isContiguous,
  isEvent,
  joinSnapshotParts,
  parseCursor,
  parseSnapshot,
  reduceConversation,
} from '@throughline/protocol'
import type { ControlData, ConversationState, Envelope } from '@throughline/protocol'
import { sessionOf } from './entry.ts'
import type { InspectionEntry } from './entry.ts'

/** What can be stepped through: entries in order, and what each session had added up to before the first of them. */
export interface Foldable {
  readonly bases: readonly ConversationState[]
  readonly entries: readonly InspectionEntry[]
}

/**
 * What a session added up to after the entries up to and including `index`, by the one fold of server and client. Pure, so
 * it steps both ways: −1 is the state before the first entry.
 */
export function foldAt(capture: Foldable, index: number, sessionId: string): ConversationState {
  const base = capture.bases.find((state) => state.sessionId === sessionId)
  return foldEntries(base ?? initialConversation(sessionId), capture.entries.slice(0, index + 1))
}

/** Folds what entries say of the session of `base`. What did not count for the client does not count here. */
export function foldEntries(base: ConversationState, entries: readonly InspectionEntry[]): ConversationState {
  let state = base
  let last = base.position
  let events: Envelope[] = []
  let parts: ControlData['snapshot'][] = []
  const begin = (from: ConversationState): void => {
    state = from
    last = from.position
    events = []
  }
  for (const entry of entries) {
    if (sessionOf(entry) !== base.sessionId) continue
    if (entry.kind === 'state') begin(entry.conversation)
    if (entry.kind !== 'event' || entry.receipt !== 'new') continue
    const { envelope } = entry
    if (isEvent(envelope, 'snapshot')) {
      parts = envelope.data.part === 1 ? [envelope.data] : [...parts, envelope.data]
      const snapshot = snapshotOf(parts, envelope)
      if (snapshot !== undefined) begin(snapshot)
    } else if (envelope.id !== undefined && isContiguous(last, envelope)) {
      events.push(envelope)
      last = parseCursor(envelope.id) ?? last
    }
  }
  return reduceConversation(state, events)
}

/** The state that a snapshot's parts carry; `undefined` while some are missing. */
function snapshotOf(
  parts: readonly ControlData['snapshot'][],
  { id = '' }: Envelope,
): ConversationState | undefined {
  const last = parts.at(-1)
  const text = last?.part === last?.parts ? joinSnapshotParts(parts) : undefined
  if (last === undefined || text === undefined) return undefined
  const state = parseSnapshot(last.reducerVersion, text)
  return state === undefined ? undefined : { ...state, position: parseCursor(id) ?? state.position }
}
