import { initialConversation, isEvent } from '@throughline/protocol'
import type { ConversationState } from '@throughline/protocol'
import { sessionOf } from './entry.ts'
import type { InspectionEntry } from './entry.ts'
import { foldEntries } from './fold-at.ts'
import type { Foldable } from './fold-at.ts'

/** Sessions whose beginning is remembered once their first entries are gone. */
const MAX_BASES = 64

/** The newest entries, and what each session had added up to before the oldest of them. */
export interface EntryList {
  /** @param length of its text, in characters */
  push(entry: InspectionEntry, length: number): void
  /** What is held now. */
  read(): Foldable
  clear(): void
}

/** At most `capacity` entries and `maxLength` characters of them. */
export function createEntryList(capacity: number, maxLength: number): EntryList {
  const bases = new Map<string, ConversationState>()
  let held: { readonly entry: InspectionEntry; readonly length: number }[] = []
  let total = 0

  const rebase = (sessionId: string, gone: readonly InspectionEntry[]): void => {
    const state = foldEntries(bases.get(sessionId) ?? initialConversation(sessionId), gone)
    bases.delete(sessionId)
    bases.set(sessionId, state)
    const oldest = bases.size > MAX_BASES ? bases.keys().next().value : undefined
    if (oldest !== undefined) bases.delete(oldest)
  }

  /** What goes is folded into where its sessions begin. */
  const trim = (): void => {
    let excess = 0
    for (const { length } of held) {
      if (held.length - excess <= capacity && total <= maxLength && !isInside(held[excess - 1]?.entry)) break
      excess++
      total -= length
    }
    if (excess === 0) return
    const gone = held.slice(0, excess).map(({ entry }) => entry)
    held = held.slice(excess)
    for (const sessionId of new Set(gone.map(sessionOf))) if (sessionId !== undefined) rebase(sessionId, gone)
  }

  return {
    push(entry, length) {
      held.push({ entry, length })
      total += length
      // Cut at twice what may be held, so that an entry costs no copy.
      if (held.length >= 2 * capacity || total >= 2 * maxLength) trim()
    },
    read() {
      trim()
      return { bases: [...bases.values()], entries: held.map(({ entry }) => entry) }
    },
    clear() {
      bases.clear()
      held = []
      total = 0
    },
  }
}

/** Whether the next entry is a further part of the same snapshot. */
function isInside(entry: InspectionEntry | undefined): boolean {
  if (entry?.kind !== 'event' || !isEvent(entry.envelope, 'snapshot')) return false
  return entry.envelope.data.part < entry.envelope.data.parts
}
