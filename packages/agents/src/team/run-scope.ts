import { StreamError, type Message } from '@throughline/protocol'
import type { OwnedRun } from '@throughline/server'

/** What every event of a run's answer belongs to. */
export interface RunScope {
  readonly runId: string
  /** The answer. */
  readonly messageId: string
  /** The user's message it hangs under. */
  readonly parentId: string
}

const LONGEST_ID = 64

/**
 * Names the run's answer after the run, within the length an id may have. A run that was begun before, by an owner
 * that was lost, gets a new name: the partial answer keeps its own.
 */
export function scopeOf(run: OwnedRun): RunScope {
  const { runId, fence, input, conversation } = run
  const parentId = input.parentId ?? input.messageId
  const name = named(runId)
  const taken = conversation.messages.some((message) => message.id === name)
  return { runId, parentId, messageId: taken ? named(runId, `_${String(fence)}`) : name }
}

function named(runId: string, suffix = ''): string {
  return `a_${runId.slice(-(LONGEST_ID - 2 - suffix.length))}${suffix}`
}

/** The user's message that the run answers. @throws StreamError `not_found` */
export function questionOf(run: OwnedRun): Message {
  const asked = messageOf(run, run.input.messageId)
  if (asked === undefined) {
    throw new StreamError('not_found', 'The question is no longer part of the conversation. Ask it again.')
  }
  return asked
}

/** The partial answer to go on from; `undefined` when the run is no `continue` or nothing was written yet. */
export function partialOf(run: OwnedRun): Message | undefined {
  const { kind, continueFrom } = run.input
  if (kind !== 'continue' || continueFrom === undefined) return undefined
  const partial = messageOf(run, continueFrom)
  return partial === undefined || partial.content === '' ? undefined : partial
}

/** What was said before the question on its branch, oldest first, at most `limit` messages. */
export function historyOf(run: OwnedRun, limit: number): readonly Message[] {
  const history: Message[] = []
  let parentId = messageOf(run, run.input.messageId)?.parentId ?? null
  const seen = new Set<string>()
  while (parentId !== null && history.length < limit) {
    const message = messageOf(run, parentId)
    // A loop in the tree would be someone's mistake; it must not hang the run.
    if (message === undefined || seen.has(parentId)) break
    seen.add(parentId)
    // A continued answer hangs under the partial one, whose text it begins with.
    const repeated = message.role === 'assistant' && history[0]?.role === 'assistant'
    if (!repeated) history.unshift(message)
    parentId = message.parentId
  }
  return history
}

function messageOf(run: OwnedRun, id: string): Message | undefined {
  return run.conversation.messages.find((message) => message.id === id)
}
