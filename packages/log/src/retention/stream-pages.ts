import type { Position } from '@throughline/protocol'
import type { LogPage } from '../log-driver.ts'
import type { RetentionWork } from './work.ts'

/** What is read, folded or removed in one go. */
const STEP = { maxEvents: 500, maxBytes: 262_144 }

export interface Span {
  readonly from: Position | 'start'
  /** The last offset that is wanted. Default: the head. */
  readonly until?: number
}

/** The pages of a span, with a pause after each. @throws CursorExpired, `stream_closed` */
export async function* streamPages(
  work: RetentionWork,
  stream: string,
  { from, until = Infinity }: Span,
): AsyncGenerator<LogPage, void, undefined> {
  let at = from
  for (;;) {
    const wanted = at === 'start' ? until : until - at.offset
    const maxEvents = Math.max(1, Math.min(STEP.maxEvents, wanted))
    const page = await work.driver.read(stream, at, { ...STEP, maxEvents })
    const last = page.events.at(-1)
    if (last === undefined) return
    yield page
    await work.pause()
    if (last.offset >= Math.min(until, page.head.offset)) return
    at = { epoch: page.epoch, offset: last.offset }
  }
}

/** The place before a page's first event. */
export function beforePage({ epoch, events: [first] }: LogPage): Position {
  return { epoch, offset: first === undefined ? 0 : (first.prev ?? first.offset - 1) }
}
