import { parseCursor } from './cursor.ts'
import type { Envelope, KnownEnvelope } from './envelope.ts'
import { CONTROL_SHAPES, EVENT_SHAPES, id } from './event-shapes.ts'
import { EVENT_TYPE_PATTERN } from './events.ts'
import type { ControlData, ControlType, EventData, KnownEventType } from './events.ts'
import { count, fits, matching, nullable, number, optional } from './shape.ts'
import type { Shape } from './shape.ts'

/** Data of every type that the protocol defines. */
export type TypedData = EventData & ControlData

/** What the data of every type that the protocol defines looks like. */
export const DATA_SHAPES: { readonly [T in keyof TypedData]: Shape<TypedData[T]> } = {
  ...EVENT_SHAPES,
  ...CONTROL_SHAPES,
}

/** Whether `type` is one whose data the protocol defines: the reducer and typed listeners know it. */
export function isKnownEventType(type: string): type is KnownEventType {
  return Object.hasOwn(EVENT_SHAPES, type)
}

/** Whether `type` is about the stream itself: only the hub writes it. */
export function isControlType(type: string): type is ControlType {
  return Object.hasOwn(CONTROL_SHAPES, type)
}

/** The name of a type here: `error_event` is accepted for `error_occurred`. */
export function canonicalType(type: string): string {
  return type === 'error_event' ? 'error_occurred' : type
}

/** Whether an envelope is of this type and its data is well-formed: what a typed listener may be given. */
export function isEvent<T extends keyof TypedData>(
  envelope: Envelope,
  type: T,
): envelope is Envelope<T, TypedData[T]> {
  return envelope.type === type && fits(DATA_SHAPES[type], envelope.data)
}

/** The event by its own name, if the protocol knows its type and its data is well-formed. */
export function readKnown(envelope: Envelope): KnownEnvelope | undefined {
  const type = canonicalType(envelope.type)
  const named = type === envelope.type ? envelope : { ...envelope, type }
  return isKnownEventType(type) && isEvent(named, type) ? (named as KnownEnvelope) : undefined
}

const ENVELOPE: Shape<Envelope> = {
  id: optional((value) => typeof value === 'string' && parseCursor(value) !== undefined),
  prev: optional(count),
  type: matching(EVENT_TYPE_PATTERN),
  timestamp: number,
  sessionId: id,
  runId: optional(id),
  agentId: optional(id),
  messageId: optional(id),
  parentId: optional(nullable(id)),
}

/**
 * Reads one `data:` payload, poll item or message between tabs; `undefined` when it is no envelope.
 *
 * Its data is as sent: an event with data that its type does not allow must still advance the position, so
 * the reducer decides about it, and listeners ask `isEvent`.
 */
export function parseEnvelope(text: string): Envelope | undefined {
  try {
    const envelope: unknown = JSON.parse(text)
    return fits(ENVELOPE, envelope) ? { ...envelope, type: canonicalType(envelope.type) } : undefined
  } catch {
    return undefined
  }
}
