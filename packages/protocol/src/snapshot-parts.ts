import type { ControlData } from './events.ts'
import { StreamError } from './stream-error.ts'

/** Largest part of a snapshot: bytes of the JSON string that carries it, in UTF-8. PROTOCOL.md §4. */
export const MAX_SNAPSHOT_PART_BYTES = 262_144

/** A string's two quotes and the longest thing in it, `\u0000`. */
const LEAST_PART_BYTES = 8

/**
 * Splits a serialised state so that each part, written as a JSON string with its quotes and escapes, is at most
 * `maxBytes` of UTF-8. No surrogate pair is split; at least one part.
 * @throws StreamError `invalid_request` when `maxBytes` is below 8.
 */
export function snapshotParts(text: string, maxBytes: number = MAX_SNAPSHOT_PART_BYTES): readonly string[] {
  if (maxBytes < LEAST_PART_BYTES) throw new StreamError('invalid_request', 'maxBytes must be at least 8')
  const parts: string[] = []
  let start = 0
  let bytes = 2
  for (let at = 0; at < text.length;) {
    const code = text.codePointAt(at) ?? 0
    const more = jsonBytes(code)
    if (bytes + more > maxBytes) {
      parts.push(text.slice(start, at))
      start = at
      bytes = 2
    }
    bytes += more
    at += code > 0xffff ? 2 : 1
  }
  parts.push(text.slice(start))
  return parts
}

/**
 * Joins the parts of one snapshot in the order they came.
 *
 * `undefined` while some are missing, and when they do not follow one another or are not of one snapshot.
 */
export function joinSnapshotParts(parts: readonly ControlData['snapshot'][]): string | undefined {
  const first = parts[0]
  const fit = parts.every(
    (part, place) =>
      part.part === place + 1 && part.parts === parts.length && part.reducerVersion === first?.reducerVersion,
  )
  return first !== undefined && fit ? parts.map((part) => part.state).join('') : undefined
}

const SHORT_ESCAPES = '\b\t\n\f\r'

/** UTF-8 bytes of a code point inside a JSON string as `JSON.stringify` writes it. */
function jsonBytes(code: number): number {
  if (code < 0x20) return SHORT_ESCAPES.includes(String.fromCharCode(code)) ? 2 : 6
  if (code < 0x80) return code === 0x22 || code === 0x5c ? 2 : 1
  if (code < 0x800) return 2
  if (code > 0xffff) return 4
  return code >= 0xd800 && code <= 0xdfff ? 6 : 3
}
