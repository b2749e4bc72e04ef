import type { ConversationEdit, Reducers } from './conversation-edit.ts'
import { RUNLESS } from './conversation-state.ts'
import type { Agent } from './conversation-state.ts'
import type { Envelope } from './envelope.ts'
import { changeRun } from './open-run.ts'
import { newestBy } from './newest-by.ts'

export const agentReducers = {
  /** An agent begins, or begins again. */
  agent_started(edit, data, envelope) {
    changeAgent(edit, envelope, data, () => ({
      ...newAgent(data.agentId, edit.updatedAt),
      role: data.role ?? null,
      currentTask: data.task ?? '',
    }))
  },
  /** Tells how far an agent is; one that never said it started starts here. */
  agent_progress(edit, data, envelope) {
    const { status, currentTask, estimatedTimeRemaining } = data
    const ended = status === 'completed' || status === 'error'
    changeAgent(edit, envelope, data, (agent) => ({
      status,
      progress: clampProgress(data.progress),
      currentTask,
      estimatedTimeRemaining,
      endedAt: ended ? (agent.endedAt ?? edit.updatedAt) : null,
    }))
  },
  agent_completed(edit, data, envelope) {
    changeAgent(edit, envelope, data, (agent) => ({
      status: data.status,
      progress: data.status === 'completed' ? 100 : agent.progress,
      estimatedTimeRemaining: null,
      summary: data.summary ?? agent.summary,
      endedAt: edit.updatedAt,
    }))
  },
} satisfies Partial<Reducers>

/** Progress as a number from 0 to 100; what is none, as nothing divided by nothing, is 0. */
export function clampProgress(progress: number): number {
  return Math.min(100, Math.max(0, progress)) || 0
}

function changeAgent(
  edit: ConversationEdit,
  envelope: Envelope,
  named: { readonly agentId: string; readonly agentName: string },
  change: (agent: Agent) => Partial<Agent>,
): void {
  changeRun(edit, envelope, (run) => {
    const agent = run.agents.find(({ id }) => id === named.agentId) ?? newAgent(named.agentId, edit.updatedAt)
    const changed: Agent = {
      ...agent,
      ...change(agent),
      name: named.agentName,
      runId: run.id === RUNLESS ? null : run.id,
      updatedAt: edit.updatedAt,
    }
    return { agents: newestBy('id', run.agents, [changed]) }
  })
}

function newAgent(id: string, startedAt: number): Agent {
  return {
    id,
    name: id,
    runId: null,
    role: null,
    status: 'working',
    progress: 0,
    currentTask: '',
    estimatedTimeRemaining: null,
    summary: null,
    startedAt,
    updatedAt: startedAt,
    endedAt: null,
  }
}
