/**
 * A yes-or-no question about one value.
 *
 * What it asks is data too, where it has parts: so one table serves readers, who only ask (every event, in the
 * browser too), and writers, who are told which part is wrong (`faultOf`).
 */
export interface Ask<T> {
  (value: unknown): boolean
  /** What is asked of a value that is not absent or `null`. */
  readonly part?: unknown
  /** The words to choose from. */
  readonly words?: readonly string[]
  /** What it wants, in words. */
  readonly mend?: string
  /** Never set; it makes the compiler tell one question from another. */
  readonly of?: (value: T) => T
}

/**
 * What a `T` looks like: a question, a list with the shape of its items, or an object with those of its fields.
 *
 * A shape looks and never copies: fields it does not name stay, so that an older reader passes on what a newer
 * writer added. Fields of `unknown` need no shape, all others do.
 */
export type Shape<T> = Ask<T> | Parts<T>
type Parts<T> = T extends readonly (infer Item)[]
  ? readonly [Shape<Item>]
  : T extends object
    ? Fields<T>
    : never

/** One shape for each field of `T`. */
export type Fields<T> = {
  readonly [K in keyof T as unknown extends T[K] ? never : K]-?: Shape<T[K]>
}

export const text: Ask<string> = (value) => typeof value === 'string'
export const flag: Ask<boolean> = (value) => typeof value === 'boolean'
/** Finite: JSON has no other numbers. */
export const number: Ask<number> = Number.isFinite
/** A whole number from 0. */
export const count: Ask<number> = (value) => Number.isSafeInteger(value) && Number(value) >= 0

/** A string that `pattern` matches. */
export function matching(pattern: RegExp): Ask<string> {
  return (value) => typeof value === 'string' && pattern.test(value)
}

/** One of some words. */
export function oneOf<const T extends string>(words: readonly T[]): Ask<T> {
  return Object.assign((value: unknown) => words.includes(value as T), { words })
}

/** Absent or what `part` says. */
export function optional<T>(part: Shape<NoInfer<T>>): Ask<T | undefined> {
  return unless<T | undefined>(undefined, part)
}

/** `null` or what `part` says. */
export function nullable<T>(part: Shape<NoInfer<T>>): Ask<T | null> {
  return unless<T | null>(null, part)
}

function unless<T>(absent: T, part: unknown): Ask<T> {
  return Object.assign((value: unknown) => value === absent || look(part, value), { part })
}

/** Whether `value` is an object that is neither `null` nor a list. */
export function isPlain(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** Whether `value` is what `shape` says. */
export function fits<T>(shape: Shape<T>, value: unknown): value is T {
  return look(shape, value)
}

function look(shape: unknown, value: unknown): boolean {
  if (isAsk(shape)) return shape(value)
  if (Array.isArray(shape)) return Array.isArray(value) && value.every((item) => look(shape[0], item))
  if (!isPlain(shape) || !isPlain(value)) return false
  // Makes no list, unlike `Object.keys`: every event is looked at.
  for (const name in shape) if (!look(shape[name], value[name])) return false
  return true
}

/** Whether a shape is a question, without parts. */
export function isAsk(shape: unknown): shape is Ask<unknown> {
  return typeof shape === 'function'
}
