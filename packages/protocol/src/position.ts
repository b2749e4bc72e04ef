/** A place in one life of a stream: after `offset` events of `epoch`. PROTOCOL.md §1. */
export interface Position {
  /** Identity of one incarnation of the stream: 8–12 of `[a-z0-9]`. */
  readonly epoch: string
  /** 0 before the first event, then 1, 2, 3 … as appended. */
  readonly offset: number
}

/** Whether two positions are the same place in the same life of a stream. */
export function samePosition(a: Position, b: Position): boolean {
  return a.epoch === b.epoch && a.offset === b.offset
}
