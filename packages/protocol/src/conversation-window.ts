import { isOpenRun, isStreaming } from './conversation-edit.ts'
import { RUNLESS, SNAPSHOT_MESSAGES } from './conversation-state.ts'
import type { ConversationState, Message, Run } from './conversation-state.ts'

/**
 * The part of a conversation that a reader needs to go on from: the newest messages, those still streaming and
 * those of open runs, with the runs they belong to.
 *
 * Folding on from a window and windowing again gives what folding everything and windowing gives: nothing that
 * is dropped here can matter to a later event. `state` itself when nothing is dropped.
 * @param messages how many of the newest; default: `SNAPSHOT_MESSAGES`.
 */
export function windowConversation(
  state: ConversationState,
  messages: number = SNAPSHOT_MESSAGES,
): ConversationState {
  const open = new Map(state.runs.filter(isOpenRun).map((run) => [run.id, run]))
  const first = state.messages.length - messages
  const held = state.messages.filter(
    (message, place) =>
      place >= first || isStreaming(message) || isOf(message, open.get(message.runId ?? '')),
  )
  const runs = heldRuns(state.runs, held)
  const all = held.length === state.messages.length
  if (all && runs.length === state.runs.length) return state
  return {
    ...state,
    messages: all ? state.messages : held,
    runs,
    hasOlder: state.hasOlder || !all,
  }
}

/** Open runs, the run without an id, and those that a held message came from or asked for. */
function heldRuns(runs: readonly Run[], messages: readonly Message[]): readonly Run[] {
  const byId = new Map(runs.map((run) => [run.id, run]))
  const asking = new Map(messages.map((message) => [message.id, message.offset]))
  const answered = new Set<Run>()
  for (const message of messages) {
    const run = byId.get(message.runId ?? RUNLESS)
    if (run !== undefined && isOf(message, run)) answered.add(run)
  }
  return runs.filter((run) => {
    const askedAt = asking.get(run.messageId ?? '') ?? Infinity
    return isOpenRun(run) || run.id === RUNLESS || answered.has(run) || askedAt < run.offset
  })
}

/**
 * Whether a message began during this run. The offsets matter: a message that names a run before it begins or after
 * it ended does not hold it, for a reader whose window had dropped either could not tell.
 */
function isOf(message: Message, run: Run | undefined): boolean {
  if (run === undefined || message.runId !== run.id || message.offset < run.offset) return false
  return run.endOffset === null || message.offset < run.endOffset
}
