import type { Position } from './position.ts'

/** A position on the wire: `<epoch>-<offset>`, also the SSE `id`. PROTOCOL.md §1. */
export type Cursor = string

/** Longest cursor that is looked at, in characters; anything longer is malformed. */
export const MAX_CURSOR_LENGTH = 64

const CURSOR = /^([a-z0-9]{8,12})-(0|[1-9][0-9]{0,15})$/

/** Writes a position as it travels. */
export function formatCursor(position: Position): Cursor {
  return `${position.epoch}-${String(position.offset)}`
}

/** Reads a cursor; `undefined` when it is not one, which a reader treats as a reset and never as an error. */
export function parseCursor(text: string): Position | undefined {
  if (text.length > MAX_CURSOR_LENGTH) return undefined
  const match = CURSOR.exec(text)
  if (match === null) return undefined
  const offset = Number(match[2])
  if (!Number.isSafeInteger(offset)) return undefined
  return { epoch: match[1] ?? '', offset }
}
