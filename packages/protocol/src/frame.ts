/** One event of a `text/event-stream`, as decoded. PROTOCOL.md §4. */
export interface Frame {
  /** `event` field; `'message'` when absent. */
  readonly event: string
  /** `data` lines joined by LF. */
  readonly data: string
  /** Last event id in force after this frame; `''` when none was ever set. */
  readonly id: string
}
