import type { EventLog, StoredEvent } from '@throughline/log'
import type { Position } from '@throughline/protocol'

/** Offsets looked at first, and at most, in one block; each is twice the one before it. */
const FIRST_BLOCK = 512
const LAST_BLOCK = 65_536

const PAGE_EVENTS = 1_000

/** The events that begin messages within a part of a stream. */
export interface BeginBlock {
  readonly epoch: string
  /** In the order of the stream. */
  readonly begins: readonly StoredEvent[]
  /** The place before the block. */
  readonly from: number
  /** Whether the stream begins there. */
  readonly isFirst: boolean
}

type Reading = Pick<EventLog, 'read'>

/**
 * Where messages begin before an offset, the newest block first: who wants the newest few reads about as much as those
 * take, however long the session is. @throws CursorExpired, `not_found`, `stream_closed`
 */
export async function* beginsBefore(
  log: Reading,
  sessionId: string,
  before: number,
): AsyncGenerator<BeginBlock, void, undefined> {
  const { epoch, head, events } = await log.read(sessionId, 'start', { maxEvents: 1 })
  const [first] = events
  const start = first === undefined ? head.offset : placeOf(first)
  let until = Math.max(start, Math.min(before - 1, head.offset))
  for (let size = FIRST_BLOCK; ; size = Math.min(LAST_BLOCK, 2 * size)) {
    const from = Math.max(start, until - size)
    const begins = await readBegins(log, sessionId, { epoch, from, until })
    yield { epoch, begins, from, isFirst: from === start }
    if (from === start) return
    until = from
  }
}

/** A place after which at least `wanted` messages begin before an offset, or where the stream begins. */
export async function placeBefore(
  log: Reading,
  sessionId: string,
  { before, wanted }: { readonly before: number; readonly wanted: number },
): Promise<{ readonly position: Position; readonly isFirst: boolean }> {
  let left = wanted
  for await (const { epoch, begins, from, isFirst } of beginsBefore(log, sessionId, before)) {
    const begin = begins[begins.length - left]
    if (begin !== undefined) {
      const offset = placeOf(begin)
      return { position: { epoch, offset }, isFirst: isFirst && offset === from }
    }
    if (isFirst) return { position: { epoch, offset: from }, isFirst }
    left -= begins.length
  }
  throw new Error('the first block ends the walk')
}

/** The place before an event. */
function placeOf({ offset, prev }: StoredEvent): number {
  return prev ?? offset - 1
}

async function readBegins(
  log: Reading,
  sessionId: string,
  { epoch, from, until }: { readonly epoch: string; readonly from: number; readonly until: number },
): Promise<StoredEvent[]> {
  const begins: StoredEvent[] = []
  for (let offset = from; offset < until;) {
    const maxEvents = Math.min(PAGE_EVENTS, until - offset)
    const { events } = await log.read(sessionId, { epoch, offset }, { maxEvents })
    for (const event of events) {
      const isBegin = event.type === 'user_message' || event.type === 'message_started'
      if (isBegin && event.offset <= until) begins.push(event)
    }
    offset = events.at(-1)?.offset ?? until
  }
  return begins
}
