import type { ConnectionEntry, EventEntry, InspectionEntry } from '@throughline/client/inspect'
import type { InspectorStrings } from '../../text/english/inspector.ts'

type Sentences = InspectorStrings

/** Which entries are listed. */
export type EntryKind = 'all' | 'event' | 'trouble' | 'connection'

export interface EntryFilter {
  readonly kind: EntryKind
  /** A part of what an entry says, in any case. */
  readonly text: string
}

/** One line about an entry. */
export function entryTitle(entry: InspectionEntry, strings: Sentences): string {
  if (entry.kind === 'event') return entry.envelope.type
  if (entry.kind === 'state') return strings.heldState
  return strings.connectionIs(entry.phase ?? entry.status, entry.attempt)
}

/** What else is worth a glance: where it belongs, why it happened. */
export function entryNote(entry: InspectionEntry, strings: Sentences): string {
  if (entry.kind === 'event') return eventNote(entry, strings)
  if (entry.kind === 'connection') return connectionNote(entry)
  return String(entry.conversation.position?.offset ?? strings.none)
}

function eventNote({ envelope, receipt }: EventEntry, strings: Sentences): string {
  return [strings.receipts[receipt], envelope.agentId ?? ''].filter((part) => part !== '').join(' · ')
}

function connectionNote({ cause, role, transport, reasons, changed }: ConnectionEntry): string {
  const why =
    cause === null ? '' : [cause.status, cause.code, cause.message].filter((part) => part !== null).join(' ')
  const where = changed.some((aspect) => aspect === 'role' || aspect === 'transport')
    ? `${transport}, ${role}`
    : ''
  return [why, where, reasons.join(', ')].filter((part) => part !== '').join(' · ')
}

/** Whether an entry tells of something that did not go as it should. */
export function isTrouble(entry: InspectionEntry): boolean {
  if (entry.kind === 'event') {
    const { type } = entry.envelope
    return entry.receipt !== 'new' || type === 'reset' || type === 'error_occurred'
  }
  return entry.kind === 'connection' && entry.cause !== null
}

/** Whether an entry is listed. */
export function passes(entry: InspectionEntry, { kind, text }: EntryFilter, strings: Sentences): boolean {
  if (kind === 'trouble' && !isTrouble(entry)) return false
  if (kind === 'event' && entry.kind !== 'event') return false
  if (kind === 'connection' && entry.kind !== 'connection') return false
  const wanted = text.trim().toLowerCase()
  if (wanted === '') return true
  const cursor = entry.kind === 'event' ? (entry.cursor ?? '') : ''
  return `${entryTitle(entry, strings)} ${entryNote(entry, strings)} ${cursor}`.toLowerCase().includes(wanted)
}
