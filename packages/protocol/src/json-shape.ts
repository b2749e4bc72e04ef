import type { Fault } from './shape-fault.ts'

/** Names that would reach an object's prototype when someone copies the data key by key. */
const RESERVED: ReadonlySet<string> = new Set(['__proto__', 'constructor', 'prototype'])

/** Longest piece of a foreign name that is repeated in a message. */
const MAX_NAME_SHOWN = 40

/**
 * Whether a value is JSON that is safe to keep and to copy: at most `maxDepth` objects and lists inside one
 * another (which also ends a cycle), no reserved names, nothing that JSON would drop or change.
 *
 * `undefined` as a field is allowed, for it means that the field is absent. Any string is: JSON escapes what
 * would break a line, and a lone surrogate, which may be half of a character that the next delta completes.
 */
export function jsonFault(value: unknown, maxDepth: number): Fault {
  if (typeof value === 'number' && !Number.isFinite(value))
    return ' must be finite: JSON has no NaN or Infinity'
  if (value === undefined) return ' is missing: null stands for nothing'
  if (value === null || ['string', 'boolean', 'number'].includes(typeof value)) return undefined
  if (typeof value !== 'object') return ` must be JSON, not a ${typeof value}`
  if (maxDepth === 0) return ' is nested too deeply: flatten it'
  return Array.isArray(value) ? listFault(value, maxDepth) : objectFault(value, maxDepth)
}

function listFault(items: readonly unknown[], maxDepth: number): Fault {
  for (const [index, item] of items.entries()) {
    const fault = jsonFault(item, maxDepth - 1)
    if (fault !== undefined) return `[${String(index)}]${fault}`
  }
  return undefined
}

function objectFault(value: object, maxDepth: number): Fault {
  const prototype: unknown = Object.getPrototypeOf(value)
  if (prototype !== Object.prototype && prototype !== null)
    return ' must be a plain object: convert it to JSON first'
  for (const [name, field] of Object.entries(value)) {
    const shown = `.${name.slice(0, MAX_NAME_SHOWN)}`
    if (RESERVED.has(name)) return `${shown} is a reserved name: rename it`
    const fault = field === undefined ? undefined : jsonFault(field, maxDepth - 1)
    if (fault !== undefined) return shown + fault
  }
  return undefined
}
