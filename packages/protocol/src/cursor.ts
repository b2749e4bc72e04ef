import type { Position } from './position.ts'

/** A position on the wire: `<epoch>-<offset>`, also the SSE `id`. PROTOCOL.md §1. */
export type Cursor = string

/** Longest cursor that is looked at, in characters; anything longer is malformed. */
export const MAX_CURSOR_LENGTH = 64

// Looks at no more of a text than that.
const CURSOR = /^([a-z0-9]{8,12})-(0|[1-9][0-9]{0,15})$/

/** Writes a position as it travels. */
export function formatCursor(position: Position): Cursor {
  return `${position.epoch}-${String(position.offset)}`
}

/** Reads a cursor; `undefined` when it is not one, which a reader treats as a reset and never as an error. */
export function parseCursor(text: string): Position | undefined {
  const match = CURSOR.exec(text)
  const offset = Number(match?.[2])
  return match?.[1] && Number.isSafeInteger(offset) ? { epoch: match[1], offset } : undefined
}
