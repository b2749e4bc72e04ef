import type { ConversationEdit } from './conversation-edit.ts'
import { RUNLESS } from './conversation-state.ts'
import type { Run } from './conversation-state.ts'
import type { Envelope } from './envelope.ts'

/** A run as it begins, queued. */
export function newRun(id: string, edit: ConversationEdit, envelope: Envelope): Run {
  return {
    id,
    kind: 'message',
    messageId: null,
    status: 'queued',
    reason: null,
    agents: [],
    plan: [],
    findings: [],
    inputs: [],
    answers: [],
    failure: null,
    offset: edit.offset,
    endOffset: null,
    queuedAt: envelope.timestamp,
    startedAt: null,
    endedAt: null,
  }
}

/**
 * Changes the run that an event belongs to.
 *
 * - The event names a run: that one, if it was announced (`run_queued`, `run_started`) and has not ended; what
 *   comes late or from a run that nobody announced changes no run.
 * - It names none: the run that is running, the newest if there are several.
 * - Nothing is running: the run without an id (`RUNLESS`), which begins with the first such event. Outside
 *   backends that publish agents without runs are shown there. Nobody announces its end: it counts as running
 *   while an agent works or an input is pending, and goes with the next user message after that.
 */
export function changeRun(
  edit: ConversationEdit,
  envelope: Envelope,
  change: (run: Run) => Partial<Run>,
): void {
  const { runId } = envelope
  const run =
    runId === undefined ? (runningRun(edit) ?? runlessRun(edit, envelope)) : edit.runs.getOpen(runId)
  if (run !== undefined) putRun(edit, { ...run, ...change(run) }, envelope)
}

/** Puts a changed run; the one without an id then shows whether it still goes on. */
export function putRun(edit: ConversationEdit, run: Run, envelope: Envelope): void {
  edit.runs.put(run.id === RUNLESS ? settle(run, edit, envelope) : run)
}

function runningRun(edit: ConversationEdit): Run | undefined {
  return edit.runs.open().findLast((run) => run.status === 'running')
}

function runlessRun(edit: ConversationEdit, envelope: Envelope): Run {
  return edit.runs.get(RUNLESS) ?? { ...newRun(RUNLESS, edit, envelope), startedAt: envelope.timestamp }
}

function settle(run: Run, edit: ConversationEdit, envelope: Envelope): Run {
  const goesOn = run.inputs.length > 0 || run.agents.some((agent) => agent.status === 'working')
  return {
    ...run,
    status: goesOn ? 'running' : run.failure === null ? 'completed' : 'failed',
    endOffset: goesOn ? null : edit.offset,
    endedAt: goesOn ? null : envelope.timestamp,
  }
}
