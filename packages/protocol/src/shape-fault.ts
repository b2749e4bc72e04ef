import { heads, id, progress } from './event-shapes.ts'
import { count, fits, flag, isAsk, isPlain, number, text } from './shape.ts'
import type { Ask, Shape } from './shape.ts'

/**
 * What is wrong with a value and where, as the rest of a sentence that begins with the value's name:
 * ` must be a string`, `.metadata.tokens must be a number`. `undefined` when nothing is.
 */
export type Fault = string | undefined

/** What the questions of readers want, in words: kept out of what a browser downloads. */
const MENDS: ReadonlyMap<unknown, string> = new Map<unknown, string>([
  [text, 'a string'],
  [flag, 'true or false'],
  [number, 'a number'],
  [count, 'a whole number from 0'],
  [progress, 'a number'],
  [id, '1 to 64 of A–Z a–z 0–9 _ -'],
  [heads, 'an object of cursors'],
])

/** A question that says what it wants. */
export function asking<T>(mend: string, holds: (value: unknown) => boolean): Ask<T> {
  return Object.assign((value: unknown) => holds(value), { mend })
}

/** Says which part of a value does not fit the shape, and the mend. */
export function faultOf<T>(shape: Shape<T>, value: unknown): Fault {
  // Nearly everything fits, and to look costs a third of looking for what is wrong.
  return fits(shape, value) ? undefined : find(shape, value)
}

function find(shape: unknown, value: unknown): Fault {
  if (isAsk(shape)) return unlike(shape, value)
  if (Array.isArray(shape)) return Array.isArray(value) ? inList(shape[0], value) : ' must be a list'
  return isPlain(shape) && isPlain(value) ? inFields(shape, value) : ' must be an object'
}

function unlike(ask: Ask<unknown>, value: unknown): Fault {
  if (ask(value)) return undefined
  if (ask.part !== undefined) return find(ask.part, value)
  return ` must be ${ask.words?.join(' or ') ?? ask.mend ?? MENDS.get(ask) ?? 'otherwise'}`
}

function inList(shape: unknown, items: readonly unknown[]): Fault {
  for (const [index, item] of items.entries()) {
    const fault = find(shape, item)
    if (fault !== undefined) return `[${String(index)}]${fault}`
  }
  return undefined
}

function inFields(
  shapes: Readonly<Record<string, unknown>>,
  value: Readonly<Record<string, unknown>>,
): Fault {
  for (const [name, shape] of Object.entries(shapes)) {
    const fault = find(shape, value[name])
    if (fault !== undefined) return `.${name}${fault}`
  }
  return undefined
}
