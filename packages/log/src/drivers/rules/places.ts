import type { Position } from '@throughline/protocol'
import { CursorExpired } from '../../cursor-expired.ts'
import type { StoredDraft, StoredEvent } from '../../log-driver.ts'
import { invalid } from './refusals.ts'

/** Where a stream begins and ends now. */
export interface Extent {
  readonly epoch: string
  /** Everything before it was trimmed; 1 while nothing was. */
  readonly first: number
  /** Offset of the newest event; 0 when there is none. */
  readonly head: number
}

/** The offset after which a reader at `from` goes on. @throws CursorExpired when that would leave a gap */
export function resumeAfter(extent: Extent, from: Position | 'start'): number {
  if (from === 'start') return extent.first - 1
  const head = { epoch: extent.epoch, offset: extent.head }
  if (from.epoch !== extent.epoch) throw new CursorExpired('epoch', head)
  if (from.offset > extent.head) throw new CursorExpired('ahead', head)
  if (from.offset < extent.first - 1) throw new CursorExpired('trimmed', head)
  return from.offset
}

/** The drafts as events after `head`. */
export function placeAfter(head: number, drafts: readonly StoredDraft[]): StoredEvent[] {
  return drafts.map(({ type, body }, index) => ({ offset: head + 1 + index, type, body }))
}

/** @throws `invalid_request` when `offset` is beyond what may be removed: the head's event stays. */
export function checkRemovable(extent: Extent, offset: number): void {
  if (!Number.isSafeInteger(offset) || offset < 1 || offset >= extent.head) {
    throw invalid('Only events before the newest one can be removed.')
  }
}

/** The event as a reader sees it: behind a trim, the place of the trim is what came before. */
export function withinExtent({ first }: Extent, event: StoredEvent): StoredEvent {
  if (event.prev === undefined || event.prev >= first - 1) return event
  const { offset, type, body } = event
  return offset === first ? { offset, type, body } : { offset, prev: first - 1, type, body }
}
