import type { Reducers } from './conversation-edit.ts'
import type { Run } from './conversation-state.ts'
import { newestBy } from './newest-by.ts'
import { changeRun, putRun } from './open-run.ts'

const MAX_ANSWERS = 50

/** What is told while a run goes on, its agents aside. */
export const workReducers = {
  /** What went wrong; the run ends by `run_completed` alone. */
  error_occurred(edit, { code, message, retryable }, envelope) {
    changeRun(edit, envelope, () => ({ failure: { code, message, retryable } }))
  },
  research_plan(edit, data, envelope) {
    changeRun(edit, envelope, () => ({ plan: data.questions }))
  },
  /** Findings of several researchers come one by one; the newest for a question stands. */
  research_results(edit, data, envelope) {
    changeRun(edit, envelope, (run) => ({
      findings: newestBy('questionId', run.findings, data.findings),
    }))
  },
  input_requested(edit, data, envelope) {
    const { inputId, kind, prompt, options = null, agentId = envelope.agentId ?? null } = data
    const input = { inputId, kind, prompt, options, agentId, requestedAt: edit.updatedAt }
    changeRun(edit, envelope, (run) => ({ inputs: [...withoutInput(run, inputId), input] }))
  },
  /** Takes the request off the run that waits for it; a word that nobody asked for (steering) is the named run's. */
  input_resolved(edit, { inputId, kind, decision, value = null }, { runId }) {
    for (const run of edit.runs.open()) {
      const inputs = withoutInput(run, inputId)
      const meant = runId === undefined ? inputs.length < run.inputs.length : runId === run.id
      if (!meant) continue
      const answer = { inputId, kind, decision, value, offset: edit.offset, at: edit.updatedAt }
      putRun(edit, { ...run, inputs, answers: [...run.answers, answer].slice(-MAX_ANSWERS) })
    }
  },
} satisfies Partial<Reducers>

function withoutInput(run: Run, inputId: string): Run['inputs'] {
  return run.inputs.filter((input) => input.inputId !== inputId)
}
