import { parseCursor, StreamError, type StreamErrorCode } from '@throughline/protocol'
import type { SessionRequest } from '../hub/hub.ts'
import { isSessionId } from '../gate/session-access.ts'
import { ProblemError } from './problem.ts'

/** Sessions that one stream may carry. PROTOCOL.md §4. */
const MAX_SESSIONS = 32

/** @throws StreamError 400 unless it may name a session */
export function requireSessionId(text: string | null | undefined): string {
  if (text === null || text === undefined || text === '') {
    throw missing('Session ID required', 'Say which session: sessionId=…')
  }
  if (!isSessionId(text)) throw missing('Invalid session ID', 'A session ID is 1 to 64 of A–Z a–z 0–9 _ -.')
  return text
}

/**
 * The sessions that a query asks for. As many `after` as `sessionId` belong together by their order; otherwise an
 * `after` belongs to the `sessionId` before it. @throws StreamError 400
 */
export function readSessions(query: URLSearchParams): SessionRequest[] {
  const names = query.getAll('sessionId')
  if (names.length > MAX_SESSIONS) {
    throw new StreamError('invalid_request', `A stream carries at most ${String(MAX_SESSIONS)} sessions.`)
  }
  if (names.length === 0) requireSessionId(undefined)
  const ids = names.map(requireSessionId)
  if (new Set(ids).size !== ids.length) throw new StreamError('invalid_request', 'Name each session once.')
  const cursors = readCursors(query, ids.length)
  return ids.map((sessionId, index) => request(sessionId, cursors[index]))
}

/** One session and its cursor, from the path. */
export function readSession(sessionId: string | undefined, query: URLSearchParams): SessionRequest {
  return request(requireSessionId(sessionId), query.get('after') ?? undefined)
}

/**
 * `Last-Event-ID` wins over `after`. Asked for several sessions, it belongs to the one whose epoch it names.
 */
export async function withLastEventId(
  sessions: readonly SessionRequest[],
  lastEventId: string | undefined,
  { alone, epochOf }: { alone: boolean; epochOf: (sessionId: string) => Promise<string> },
): Promise<readonly SessionRequest[]> {
  if (lastEventId === undefined || lastEventId === '') return sessions
  if (alone) return sessions.map((session) => ({ ...session, after: lastEventId }))
  const position = parseCursor(lastEventId)
  if (position === undefined) return sessions
  const epochs = await Promise.all(sessions.map(({ sessionId }) => epochOf(sessionId)))
  return sessions.map((session, index) =>
    epochs[index] === position.epoch ? { ...session, after: lastEventId } : session,
  )
}

function readCursors(query: URLSearchParams, count: number): (string | undefined)[] {
  const all = query.getAll('after')
  if (all.length === count) return all
  if (all.length > count) throw new StreamError('invalid_request', 'There are more cursors than sessions.')
  const cursors: (string | undefined)[] = []
  let at = -1
  for (const [name, value] of query) {
    if (name === 'sessionId') at += 1
    if (name !== 'after') continue
    if (at < 0 || cursors[at] !== undefined) {
      throw new StreamError('invalid_request', 'Put each cursor behind its session: sessionId=…&after=…')
    }
    cursors[at] = value
  }
  return cursors
}

function request(sessionId: string, after: string | undefined): SessionRequest {
  return after === undefined || after === '' ? { sessionId } : { sessionId, after }
}

function missing(title: string, detail: string): ProblemError {
  const code: StreamErrorCode = 'invalid_request'
  return new ProblemError(title, { code, status: 400, detail })
}
