import { CursorExpired } from '@throughline/log'
import {
  StreamError,
  formatCursor,
  parseCursor,
  type Position,
  type ResetReason,
} from '@throughline/protocol'
import { encodeControl } from './control.ts'
import type { Feed } from './feed.ts'
import type { HubServices } from './services.ts'

/** Where a reader begins, and what it is told before the events. */
export interface Entry {
  readonly position: Position
  /** A reset, a snapshot: whole frames, shared between readers as far as possible. */
  readonly intro: readonly Uint8Array[]
  /** Of the feed, when the position was found. */
  readonly incarnation: number
}

/** Attempts to join a stream that is re-incarnated meanwhile. */
const JOIN_ATTEMPTS = 5
/** Events that may follow a snapshot made for somebody else before a new one is worth its making. */
const SNAPSHOT_LAG = 256

/**
 * Finds where a reader with this cursor begins. PROTOCOL.md §4: a known place continues, no cursor joins by snapshot,
 * anything else resets and then joins.
 * @throws StreamError `not_found`, `stream_closed`, or the log's failure
 */
export async function enter(feed: Feed, after: string | undefined, services: HubServices): Promise<Entry> {
  await feed.open()
  if (after === undefined) {
    services.resumes.snapshot++
    return await join(feed, services)
  }
  const position = parseCursor(after)
  if (position === undefined) return await reset(feed, { reason: 'malformed', head: feed.position }, services)
  const expired = await findLoss(feed, position, services)
  if (expired !== undefined) return await reset(feed, expired, services)
  services.resumes.continued++
  return { position, intro: [], incarnation: feed.incarnation }
}

export interface Expired {
  readonly reason: ResetReason
  readonly head: Position
}

/** Begins again where the reader's place is no longer one: told to reset, then as if it had no cursor. */
export async function reset(feed: Feed, { reason, head }: Expired, services: HubServices): Promise<Entry> {
  services.resumes.reset++
  const scope = { sessionId: feed.stream, timestamp: services.now() }
  const frame = encodeControl('reset', { reason, head: formatCursor(head) }, scope)
  const entry = await join(feed, services)
  return { ...entry, intro: [frame, ...entry.intro] }
}

/** Why a reader cannot go on from `position`, which only the log knows when the feed does not cover it. */
async function findLoss(feed: Feed, position: Position, services: HubServices): Promise<Expired | undefined> {
  if (feed.covers(position)) return undefined
  try {
    const { head } = await services.pages.get(feed.stream, position)
    await feed.learn(head)
  } catch (error) {
    if (error instanceof CursorExpired) return error
    throw error
  }
  return feed.epoch === position.epoch ? undefined : { reason: 'epoch', head: feed.position }
}

async function join(feed: Feed, { folds }: HubServices): Promise<Entry> {
  const isNear = (position: Position): boolean =>
    feed.covers(position) && feed.head - position.offset <= SNAPSHOT_LAG
  for (let attempt = 0; attempt < JOIN_ATTEMPTS; attempt++) {
    const { position, frames } = await folds.snapshot(feed.stream, isNear)
    await feed.learn(position)
    if (position.epoch === feed.epoch) return { position, intro: frames, incarnation: feed.incarnation }
  }
  throw new StreamError('server_error', 'The stream keeps being replaced: try again.')
}
