import type { Position } from '@throughline/protocol'
import { openEnvelope } from '../event-log.ts'
import { utf8Length } from '../drivers/rules/page.ts'
import { compactMessage } from './compact-message.ts'
import { ABANDONED_MS, OpenTurns, type Unowned } from './open-turns.ts'
import { eraseTrimmed } from './erase.ts'
import { beforePage, streamPages } from './stream-pages.ts'
import { trimStream, type Amount } from './trim-stream.ts'
import type { RetentionWork } from './work.ts'

/** How far the work on a stream has come. Forgetting it costs a look at the whole stream, and nothing else. */
export interface Progress extends Amount {
  /** Everything up to here is done, and nothing is open here; `events` and `bytes` are what is stored up to it. */
  readonly position: Position | 'start'
  /** When there is something to do again although the stream does not grow, ms since 1970; 0: in the next lap. */
  readonly dueAt: number
  /** When this was found, ms since 1970. */
  readonly lookedAt: number
  /** Offsets that began what is open for ever; at most `MAX_ABANDONED`. */
  readonly abandoned: ReadonlySet<number>
}

/** Remembered of one stream; those beyond stand in the way of trimming as if they went on. */
const MAX_ABANDONED = 1_000

const BEGINNING: Progress = {
  position: 'start',
  dueAt: 0,
  lookedAt: 0,
  abandoned: new Set(),
  events: 0,
  bytes: 0,
}

/** Does what is due in a stream: compacts, then trims. @throws CursorExpired, `not_found`, `stream_closed` */
export async function visitStream(
  work: RetentionWork,
  stream: string,
  former: Progress = BEGINNING,
): Promise<Progress> {
  const { done, stored } = await compactDue(work, stream, former)
  const { retainMs, retainEvents, retainBytes } = work.limits
  if (retainMs + retainEvents + retainBytes === 0) return done
  const { removed, dueAt } = await trimStream(work, stream, { ...stored, abandoned: done.abandoned })
  const eraseAt = retainMs > 0 ? await eraseTrimmed(work, stream) : Infinity
  const next = { ...done, dueAt: Math.min(done.dueAt, dueAt, eraseAt) }
  if (removed === undefined) return next
  const isBehind = done.position === 'start' || done.position.offset <= removed.before.offset
  if (isBehind) return { ...next, position: removed.before, events: 0, bytes: 0 }
  return { ...next, events: done.events - removed.events, bytes: done.bytes - removed.bytes }
}

/**
 * Compacts what ended long enough ago after `former`; tells what is stored then, without the chunks that only wait to
 * be compacted: they shall not push whole turns out.
 */
async function compactDue(
  work: RetentionWork,
  stream: string,
  former: Progress,
): Promise<{ readonly done: Progress; readonly stored: Amount }> {
  let { events, bytes } = former
  let done: Progress = { ...former, dueAt: Infinity, lookedAt: work.now() }
  let turns: OpenTurns | undefined
  for await (const page of streamPages(work, stream, { from: former.position })) {
    turns ??= new OpenTurns(
      stream,
      former.position === 'start' ? beforePage(page) : former.position,
      former.abandoned,
    )
    for (const event of page.events) {
      const size = utf8Length(event.body)
      events += 1
      bytes += size
      const completed = turns.take(openEnvelope(event, page.epoch), size)
      if (completed !== undefined && completed.chunks.events > 0) {
        const dueAt = completed.timestamp + work.limits.compactAfterMs
        if (dueAt > work.now()) done = { ...done, dueAt: Math.min(done.dueAt, dueAt) }
        else await compactMessage(work, { stream, epoch: page.epoch }, completed)
        events -= completed.chunks.events
        bytes -= completed.chunks.bytes
      }
      if (turns.isBetween && done.dueAt === Infinity) {
        done = { ...done, position: { epoch: page.epoch, offset: event.offset }, events, bytes }
      }
    }
  }
  return { done: turns === undefined ? done : abandon(work, done, turns.unowned), stored: { events, bytes } }
}

/** Takes note of what nobody will end, or of when that can be told. */
function abandon(work: RetentionWork, done: Progress, unowned: readonly Unowned[]): Progress {
  const abandoned = new Set(done.abandoned)
  let { dueAt } = done
  for (const { offset, lastAt } of unowned) {
    if (abandoned.has(offset)) continue
    const at = lastAt + ABANDONED_MS
    if (at > work.now()) dueAt = Math.min(dueAt, at)
    else if (abandoned.size < MAX_ABANDONED) abandoned.add(offset)
  }
  return { ...done, dueAt, abandoned }
}
