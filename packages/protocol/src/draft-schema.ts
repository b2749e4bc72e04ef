import type { Draft } from './envelope.ts'
import { checkEvent } from './check-event.ts'
import { canonicalType, isControlType, isKnownEventType } from './event-schema.ts'
import { id } from './event-shapes.ts'
import { EVENT_TYPE_PATTERN } from './events.ts'
import type { KnownEventType } from './events.ts'
import { jsonFault } from './json-shape.ts'
import { clampProgress } from './reduce-agent.ts'
import { asking, faultOf } from './shape-fault.ts'
import type { Fault } from './shape-fault.ts'
import { nullable, optional } from './shape.ts'
import type { Shape } from './shape.ts'
import { StreamError } from './stream-error.ts'

/** Deepest nesting of an event's data: objects and lists inside one another. */
export const MAX_DATA_DEPTH = 32

export interface DraftLimits {
  /** Default: `MAX_DATA_DEPTH`. */
  readonly maxDepth?: number
}

const DRAFT: Shape<Draft> = {
  type: asking(
    'a–z 0–9 _ and a letter first, at most 64',
    (value) => typeof value === 'string' && EVENT_TYPE_PATTERN.test(value),
  ),
  runId: optional(id),
  agentId: optional(id),
  messageId: optional(id),
  parentId: optional(nullable(id)),
}

/**
 * Checks what a producer sent before it is appended: once in the log, an event is there for good.
 *
 * - `type` and ids by their patterns, so that nothing can break out of an SSE field; control types are refused,
 *   `error_event` becomes `error_occurred`.
 * - Data of known types by the same table that readers use; `agent_progress.progress` is clamped to 0–100.
 * - Data of any type is plain JSON, at most `maxDepth` deep, without `__proto__`, `constructor`, `prototype`.
 * - Strings are kept as they are: JSON escapes CR, LF, NUL and lone surrogates, and a delta may end in half of a
 *   character that the next one completes.
 *
 * Fields that a draft does not have are left out. How large a draft may be is for who has its bytes.
 * @throws StreamError `invalid_request` whose message names the field and the mend.
 */
export function checkDraft(value: unknown, limits: DraftLimits = {}): Draft {
  return draftOf(value, 'event', limits)
}

/** `checkDraft` for a value that the sender knows as `name`. */
export function draftOf(value: unknown, name: string, limits: DraftLimits = {}): Draft {
  const draft = readDraft(checked(DRAFT, value, name))
  if (isControlType(draft.type)) refuse(name, '.type is one that only the hub writes: choose another')
  refuse(`${name}.data`, jsonFault(draft.data, limits.maxDepth ?? MAX_DATA_DEPTH))
  if (isKnownEventType(draft.type)) refuse(name, dataFault(draft.type, draft.data))
  return draft
}

function dataFault(type: KnownEventType, data: unknown): Fault {
  const checked = checkEvent(type, data)
  return checked.ok ? undefined : `.${checked.reason}`
}

/** The value, typed. @throws StreamError `invalid_request` when it does not fit. */
export function checked<T>(shape: Shape<T>, value: unknown, name: string): T {
  refuse(name, faultOf(shape, value))
  return value as T
}

/** @throws StreamError `invalid_request` when there is a fault. */
export function refuse(name: string, fault: Fault): void {
  if (fault !== undefined) throw new StreamError('invalid_request', name + fault, { status: 400 })
}

function readDraft({ type: given, data, runId, agentId, messageId, parentId }: Draft): Draft {
  const type = canonicalType(given)
  const draft: { -readonly [K in keyof Draft]: Draft[K] } = {
    type,
    data: type === 'agent_progress' ? withProgress(data) : data,
  }
  if (runId !== undefined) draft.runId = runId
  if (agentId !== undefined) draft.agentId = agentId
  if (messageId !== undefined) draft.messageId = messageId
  if (parentId !== undefined) draft.parentId = parentId
  return draft
}

function withProgress(data: unknown): unknown {
  if (typeof data !== 'object' || data === null || !('progress' in data)) return data
  const { progress } = data
  if (typeof progress !== 'number' || (progress >= 0 && progress <= 100)) return data
  return { ...data, progress: clampProgress(progress) }
}
