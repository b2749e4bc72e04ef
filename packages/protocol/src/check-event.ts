import { DATA_SHAPES } from './event-schema.ts'
import type { TypedData } from './event-schema.ts'
import { faultOf } from './shape-fault.ts'

/** What a check found: the data, typed, or what is wrong with it: `data.messageId must be …`. */
export type Checked<T> =
  { readonly ok: true; readonly data: T } | { readonly ok: false; readonly reason: string }

/**
 * Checks the data of a known event or control type and says what is wrong with it. The data is the same object;
 * fields that the type does not name stay. Readers that only want to know ask `isEvent`, which is smaller.
 */
export function checkEvent<T extends keyof TypedData>(type: T, data: unknown): Checked<TypedData[T]> {
  const fault = faultOf(DATA_SHAPES[type], data)
  return fault === undefined
    ? { ok: true, data: data as TypedData[T] }
    : { ok: false, reason: `data${fault}` }
}
