import type { ConversationEdit, Reducers } from './conversation-edit.ts'
import type { Agent, Run } from './conversation-state.ts'
import type { Envelope } from './envelope.ts'
import type { RunEndStatus } from './events.ts'
import { changeRun, newRun, putRun } from './open-run.ts'
import { cutMessages } from './reduce-message.ts'
import { newestBy } from './newest-by.ts'

const MAX_ANSWERS = 50

export const runReducers = {
  /** A run was asked for. Asked for again after its end, it begins anew. */
  run_queued(edit, data, envelope) {
    const { kind, messageId } = data
    edit.runs.put({ ...beginRun(edit, data.runId, envelope), kind, messageId })
  },
  /** Somebody took the run; a second time when the first attempt was handed over. */
  run_started(edit, data, envelope) {
    const run = beginRun(edit, data.runId, envelope)
    const startedAt = run.startedAt ?? envelope.timestamp
    edit.runs.put({ ...run, kind: data.kind, status: 'running', startedAt })
  },
  /** Ends a run. Only its first end counts; its open messages end even when the run itself is not held. */
  run_completed(edit, data, envelope) {
    const now = envelope.timestamp
    cutMessages(edit, data.runId, data.status, now)
    const run = edit.runs.getOpen(data.runId)
    if (run === undefined) return
    edit.runs.put({
      ...run,
      status: data.status,
      reason: data.reason ?? null,
      agents: run.agents.map((agent) => stopAgent(agent, data.status, now)),
      inputs: [],
      endOffset: edit.offset,
      endedAt: now,
    })
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
    const input = { inputId, kind, prompt, options, agentId, requestedAt: envelope.timestamp }
    changeRun(edit, envelope, (run) => ({ inputs: [...withoutInput(run, inputId), input] }))
  },
  /** Takes the request off the run that waits for it; a word that nobody asked for (steering) is the named run's. */
  input_resolved(edit, { inputId, kind, decision, value = null }, envelope) {
    const { runId, timestamp: at } = envelope
    for (const run of edit.runs.open()) {
      const inputs = withoutInput(run, inputId)
      const meant = runId === undefined ? inputs.length < run.inputs.length : runId === run.id
      if (!meant) continue
      const answer = { inputId, kind, decision, value, offset: edit.offset, at }
      putRun(edit, { ...run, inputs, answers: [...run.answers, answer].slice(-MAX_ANSWERS) }, envelope)
    }
  },
} satisfies Partial<Reducers>

/** The open run of this id, or a new one at the end of the list. */
function beginRun(edit: ConversationEdit, id: string, envelope: Envelope): Run {
  const run = edit.runs.getOpen(id)
  if (run !== undefined) return run
  edit.runs.remove(id)
  return newRun(id, edit, envelope)
}

function withoutInput(run: Run, inputId: string): Run['inputs'] {
  return run.inputs.filter((input) => input.inputId !== inputId)
}

function stopAgent(agent: Agent, status: RunEndStatus, now: number): Agent {
  if (agent.status !== 'working') return agent
  const stopped = status === 'failed' || status === 'interrupted' ? 'error' : 'idle'
  return { ...agent, status: stopped, estimatedTimeRemaining: null, updatedAt: now, endedAt: now }
}
