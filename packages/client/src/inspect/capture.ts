import {
  REDUCER_VERSION,
  StreamError,
  isStreamErrorCode,
  parseEnvelope,
  parseSnapshot,
  serializeSnapshot,
} from '@throughline/protocol'
import type { ConversationState } from '@throughline/protocol'
import { CONNECTION_STATUSES } from '../connection/state.ts'
import type { ConnectionCause, InspectionEntry } from './entry.ts'
import type { Foldable } from './fold-at.ts'

/** What a file that holds a capture calls itself. */
const FORMAT = 'throughline-capture'
/** Raised when a reader of today's captures could not read the new ones. */
const VERSION = 1
/** Longest file that is read, in characters. */
const MAX_LENGTH = 64 * 1_048_576

/** What was noted, to be kept, handed on and stepped through. */
export interface Capture extends Foldable {
  /** When it was taken, ms since 1970. */
  readonly takenAt: number
}

/**
 * A capture as the text of a file. It holds what was said in the conversation, and no credentials: those never come with
 * an event.
 */
export function exportCapture({ takenAt, bases, entries }: Capture): string {
  return JSON.stringify({
    format: FORMAT,
    version: VERSION,
    reducerVersion: REDUCER_VERSION,
    takenAt,
    bases: bases.map(serializeSnapshot),
    entries: entries.map((entry) =>
      entry.kind === 'state' ? { ...entry, conversation: serializeSnapshot(entry.conversation) } : entry,
    ),
  })
}

/** Reads what `exportCapture` wrote. @throws StreamError `invalid_request` for anything else. */
export function importCapture(text: string): Capture {
  if (text.length > MAX_LENGTH) throw unreadable('it is larger than 64 MiB')
  const file = parse(text)
  if (!isRecord(file) || file['format'] !== FORMAT) throw unreadable('it does not say that it is one')
  if (file['version'] !== VERSION) throw unreadable('it was written by another version')
  const { reducerVersion, takenAt, bases, entries } = file
  if (!isNumber(reducerVersion) || !isNumber(takenAt) || !Array.isArray(bases) || !Array.isArray(entries))
    throw unreadable('parts of it are missing')
  return {
    takenAt,
    bases: bases.map((state) => readState(reducerVersion, state)),
    entries: entries.map((entry) => readEntry(reducerVersion, entry)),
  }
}

type Fields = Readonly<Record<string, unknown>>

function readEntry(reducerVersion: number, entry: unknown): InspectionEntry {
  if (!isRecord(entry)) throw unreadable('an entry is none')
  const { kind, number, at } = entry
  if (!isNumber(number) || !isNumber(at)) throw unreadable('an entry has no place')
  const base = { number, at }
  if (kind === 'event') return { ...base, kind, ...readEvent(entry) }
  if (kind === 'connection') return { ...base, kind, ...readConnection(entry) }
  if (kind === 'state')
    return { ...base, kind, conversation: readState(reducerVersion, entry['conversation']) }
  throw unreadable('an entry is of no known kind')
}

function readEvent(entry: Fields) {
  const envelope = parseEnvelope(JSON.stringify(entry['envelope'] ?? null))
  const { lagMs } = entry
  if (envelope === undefined || !isNumber(lagMs)) throw unreadable('an event is malformed')
  return {
    envelope,
    cursor: envelope.id ?? null,
    receipt: oneOf(['new', 'repeated', 'useless', 'lost'], entry['receipt']),
    lagMs,
    isLive: entry['isLive'] === true,
    via: oneOf(['connection', 'tab'], entry['via']),
  }
}

function readConnection(entry: Fields) {
  const { attempt, retryAt, transport } = entry
  if (!isNumber(attempt) || typeof transport !== 'string') throw unreadable('a connection is malformed')
  return {
    changed: list(['status', 'phase', 'attempt', 'error', 'transport', 'role', 'reasons'], entry['changed']),
    status: oneOf(CONNECTION_STATUSES, entry['status']),
    phase: entry['phase'] === null ? null : oneOf(['replaying', 'live'], entry['phase']),
    attempt,
    retryAt: isNumber(retryAt) ? retryAt : null,
    reasons: list(['hidden', 'page', 'user', 'tabs', 'empty', 'auth'], entry['reasons']),
    transport,
    role: oneOf(['solo', 'leader', 'follower'], entry['role']),
    cause: readCause(entry['cause']),
  }
}

function readCause(cause: unknown): ConnectionCause | null {
  if (cause === null) return null
  const { code, status, message } = isRecord(cause) ? cause : {}
  if (!isStreamErrorCode(code) || typeof message !== 'string') throw unreadable('a cause is malformed')
  return { code, status: isNumber(status) ? status : null, message }
}

function readState(reducerVersion: number, text: unknown): ConversationState {
  const state = typeof text === 'string' ? parseSnapshot(reducerVersion, text) : undefined
  if (state === undefined) throw unreadable('a state is malformed, or newer than this page')
  return state
}

function oneOf<T extends string>(words: readonly T[], word: unknown): T {
  const known = words.find((other) => other === word)
  if (known === undefined) throw unreadable('it uses a word that is not known')
  return known
}

function list<T extends string>(words: readonly T[], value: unknown): readonly T[] {
  return Array.isArray(value) ? value.map((word) => oneOf(words, word)) : []
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function isRecord(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function isNumber(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value)
}

function unreadable(why: string): StreamError {
  return new StreamError('invalid_request', `This is no capture: ${why}.`)
}
