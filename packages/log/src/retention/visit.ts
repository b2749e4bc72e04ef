import type { Position } from '@throughline/protocol'
import { openEnvelope } from '../event-log.ts'
import { utf8Length } from '../drivers/rules/page.ts'
import { compactMessage } from './compact-message.ts'
import { OpenTurns } from './open-turns.ts'
import { beforePage, streamPages } from './stream-pages.ts'
import { trimStream, type Amount } from './trim-stream.ts'
import type { RetentionWork } from './work.ts'

/** How far the work on a stream has come. Forgetting it costs a look at the whole stream, and nothing else. */
export interface Progress extends Amount {
  /** Everything up to here is done, and nothing is open here; `events` and `bytes` are what is stored up to it. */
  readonly position: Position | 'start'
  /** When there is something to do again although the stream does not grow, ms since 1970. */
  readonly dueAt: number
}

const BEGINNING: Progress = { position: 'start', dueAt: 0, events: 0, bytes: 0 }

/** Does what is due in a stream: compacts, then trims. @throws CursorExpired, `not_found`, `stream_closed` */
export async function visitStream(
  work: RetentionWork,
  stream: string,
  former: Progress = BEGINNING,
): Promise<Progress> {
  const { done, stored } = await compactDue(work, stream, former)
  const { retainMs, retainEvents, retainBytes } = work.limits
  if (retainMs + retainEvents + retainBytes === 0) return done
  const { removed, dueAt } = await trimStream(work, stream, stored)
  const next = { ...done, dueAt: Math.min(done.dueAt, dueAt) }
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
  let done: Progress = { ...former, dueAt: Infinity }
  let turns: OpenTurns | undefined
  for await (const page of streamPages(work, stream, { from: former.position })) {
    turns ??= new OpenTurns(stream, former.position === 'start' ? beforePage(page) : former.position)
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
  return { done, stored: { events, bytes } }
}
