import { StreamError, type Position, type ResetReason } from '@throughline/protocol'

/** A read from a place that this stream cannot continue from without a gap: the reader must reset. PROTOCOL.md §4. */
export class CursorExpired extends StreamError {
  readonly reason: ResetReason
  readonly head: Position

  constructor(reason: ResetReason, head: Position) {
    super(
      'cursor_expired',
      `The stream cannot continue from this cursor (${reason}): join again without one.`,
    )
    this.reason = reason
    this.head = head
  }
}
