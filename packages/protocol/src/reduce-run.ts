import type { ConversationEdit, Reducers } from './conversation-edit.ts'
import type { Agent, Run } from './conversation-state.ts'
import type { RunEndStatus } from './events.ts'
import { cutMessages } from './reduce-message.ts'

/** How runs begin and end. What is told while one goes on: `workReducers`. */
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
} satisfies Partial<Reducers>

/** The open run of this id, or a new one at the end of the list. */
function beginRun(edit: ConversationEdit, id: string): Run {
  const run = edit.runs.getOpen(id)
  if (run) return run
  edit.runs.remove(id)
  return newRun(id, edit)
}

/** A run as it begins, queued. */
export function newRun(id: string, edit: ConversationEdit): Run {
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
    queuedAt: edit.updatedAt,
    startedAt: null,
    endedAt: null,
  }
}

function stopAgent(agent: Agent, status: RunEndStatus, now: number): Agent {
  if (agent.status !== 'working') return agent
  const stopped = status === 'failed' || status === 'interrupted' ? 'error' : 'idle'
  return { ...agent, status: stopped, estimatedTimeRemaining: null, updatedAt: now, endedAt: now }
}
