import type { ConversationEdit, Reducers } from './conversation-edit.ts'
import type { Agent, Run } from './conversation-state.ts'
import type { RunEndStatus } from './events.ts'
import { changeRun, newRun, putRun } from './open-run.ts'
import { cutMessages } from './reduce-message.ts'
import { newestBy } from './newest-by.ts'

const MAX_ANSWERS = 50

export const runReducers = {
  /** A run was asked for. Asked for again after its end, it begins anew. */
  run_queued(edit, data) {
    const { kind, messageId } = data
    edit.runs.put({ ...beginRun(edit, data.runId), kind, messageId })
  },
  /** Somebody took the run; a second time when the first attempt was handed over. */
  run_started(edit, data) {
    const run = beginRun(edit, data.runId)
    const startedAt = run.startedAt ?? edit.updatedAt
    edit.runs.put({ ...run, kind: data.kind, status: 'running', startedAt })
  },
  /** Ends a run. Only its first end counts; its open messages end even when the run itself is not held. */
  run_completed(edit, { runId, status, reason = null }) {
    const { offset, updatedAt } = edit
    cutMessages(edit, runId, status)
    edit.runs.change(runId, ({ agents }) => ({
      status,
      reason,
      agents: agents.map((agent) => stopAgent(agent, status, updatedAt)),
      inputs: [],
      endOffset: offset,
      endedAt: updatedAt,
    }))
  },
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

/** The open run of this id, or a new one at the end of the list. */
function beginRun(edit: ConversationEdit, id: string): Run {
  const run = edit.runs.getOpen(id)
  if (run) return run
  edit.runs.remove(id)
  return newRun(id, edit)
}

function withoutInput(run: Run, inputId: string): Run['inputs'] {
  return run.inputs.filter((input) => input.inputId !== inputId)
}

function stopAgent(agent: Agent, status: RunEndStatus, now: number): Agent {
  if (agent.status !== 'working') return agent
  const stopped = status === 'failed' || status === 'interrupted' ? 'error' : 'idle'
  return { ...agent, status: stopped, estimatedTimeRemaining: null, updatedAt: now, endedAt: now }
}
