import type { ConversationEdit } from './conversation-edit.ts'
import { RUNLESS } from './conversation-state.ts'
import type { Run } from './conversation-state.ts'
import type { Envelope } from './envelope.ts'
import { newRun } from './reduce-run.ts'

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
  { runId }: Envelope,
  change: (run: Run) => Partial<Run>,
): void {
  const { runs, updatedAt } = edit
  const run =
    runId === undefined
      ? (runs.open().findLast(({ status }) => status === 'running') ??
        runs.get(RUNLESS) ?? { ...newRun(RUNLESS, edit), startedAt: updatedAt })
      : runs.getOpen(runId)
  if (run) putRun(edit, { ...run, ...change(run) })
}

/** Puts a changed run; the one without an id then shows whether it still goes on. */
export function putRun(edit: ConversationEdit, run: Run): void {
  const goesOn = run.inputs.length > 0 || run.agents.some(({ status }) => status === 'working')
  const settled: Partial<Run> = goesOn
    ? { status: 'running', endOffset: null, endedAt: null }
    : {
        status: run.failure ? 'failed' : 'completed',
        endOffset: edit.offset,
        endedAt: edit.updatedAt,
      }
  edit.runs.put(run.id === RUNLESS ? { ...run, ...settled } : run)
}
