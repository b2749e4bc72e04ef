import type { Position } from '@throughline/protocol'
import { openEnvelope } from '../event-log.ts'
import { utf8Length } from '../drivers/rules/page.ts'
import { coverBySnapshot } from './cover.ts'
import { OpenTurns } from './open-turns.ts'
import { beforePage, streamPages } from './stream-pages.ts'
import type { RetentionWork } from './work.ts'

/** Stored events and bytes of their bodies. */
export interface Amount {
  readonly events: number
  readonly bytes: number
}

export interface Trimmed {
  /** What was removed; `undefined` when nothing was. */
  readonly removed?: Amount & { readonly before: Position }
  /** When the next turn becomes too old, ms since 1970; `Infinity` when that is for later events to say. */
  readonly dueAt: number
}

interface Cut extends Amount {
  /** The last event to go. */
  readonly offset: number
  readonly epoch: string
}

export interface Stored extends Amount {
  /** Offsets that began what is open for ever. */
  readonly abandoned: ReadonlySet<number>
}

/** Removes whole turns from the beginning of a stream that holds more, or older ones, than it may. */
export async function trimStream(work: RetentionWork, stream: string, stored: Stored): Promise<Trimmed> {
  const { cut, dueAt } = await findCut(work, stream, stored)
  if (cut === undefined || !(await coverBySnapshot(work, stream, cut.offset))) return { dueAt }
  await work.driver.trim(stream, cut.offset + 1)
  const { epoch, offset, events, bytes } = cut
  return { removed: { events, bytes, before: { epoch, offset } }, dueAt }
}

/** The last place between turns before which everything may go. */
async function findCut(
  work: RetentionWork,
  stream: string,
  stored: Stored,
): Promise<{ readonly cut?: Cut; readonly dueAt: number }> {
  const { retainMs, retainEvents, retainBytes } = work.limits
  const maxEvents = retainEvents > 0 ? stored.events - retainEvents : 0
  const maxBytes = retainBytes > 0 ? stored.bytes - retainBytes : 0
  const oldest = retainMs > 0 ? work.now() - retainMs : -Infinity
  let turns: OpenTurns | undefined
  let cut: Cut | undefined
  let events = 0
  let bytes = 0
  for await (const page of streamPages(work, stream, { from: 'start' })) {
    turns ??= new OpenTurns(stream, beforePage(page), stored.abandoned)
    for (const event of page.events) {
      const envelope = openEnvelope(event, page.epoch)
      events += 1
      bytes += utf8Length(event.body)
      turns.take(envelope, 0)
      const mayGo = events <= maxEvents || bytes <= maxBytes || envelope.timestamp < oldest
      if (!mayGo) return found(cut, retainMs > 0 ? envelope.timestamp + retainMs + 1 : Infinity)
      const isHead = event.offset === page.head.offset
      if (turns.isBetween && !isHead) cut = { offset: event.offset, epoch: page.epoch, events, bytes }
    }
  }
  return found(cut, Infinity)
}

function found(cut: Cut | undefined, dueAt: number): { readonly cut?: Cut; readonly dueAt: number } {
  return cut === undefined ? { dueAt } : { cut, dueAt }
}
