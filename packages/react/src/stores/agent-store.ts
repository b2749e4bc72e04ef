import type { Agent, AgentStatus, ConversationState } from '@throughline/protocol'
import { create } from 'zustand'
import { foldLocally, foldedConversation } from './folded-conversation.ts'

/** What is new about an agent; what is absent stays. */
export interface AgentProgressPatch {
  readonly agentName?: string
  readonly status?: AgentStatus
  /** 0–100. */
  readonly progress?: number
  readonly currentTask?: string
  /** Milliseconds. */
  readonly estimatedTimeRemaining?: number | null
  readonly lastUpdate?: Date
}

/** The specification's agent state and actions. */
export interface AgentStore {
  /** By id; of agents that took part in several runs, the newest. */
  readonly agents: Readonly<Record<string, Agent>>
  /** The same in the order they started. */
  readonly agentProgress: readonly Agent[]
  readonly updateAgentProgress: (agentId: string, patch: AgentProgressPatch) => void
}

/** The specification's agent store. A session bound by `useConversationStores` fills it. */
export const useAgentStore = create<AgentStore>((set, get) => {
  foldedConversation.subscribe(({ conversation }, { conversation: before }) => {
    if (conversation.runs !== before.runs) set(agentsOf(conversation))
  })
  return {
    ...agentsOf(foldedConversation.getState().conversation),
    updateAgentProgress: (agentId, { lastUpdate, ...patch }) => {
      const known = get().agents[agentId]
      foldLocally({
        type: 'agent_progress',
        data: {
          agentId,
          agentName: known?.name ?? agentId,
          status: known?.status ?? 'working',
          progress: known?.progress ?? 0,
          currentTask: known?.currentTask ?? '',
          estimatedTimeRemaining: known?.estimatedTimeRemaining ?? null,
          ...patch,
        },
        ...(lastUpdate === undefined ? {} : { timestamp: lastUpdate.getTime() }),
      })
    },
  }
})

function agentsOf({ runs }: ConversationState): Pick<AgentStore, 'agents' | 'agentProgress'> {
  const agents: Record<string, Agent> = {}
  for (const agent of runs.flatMap((run) => run.agents)) agents[agent.id] = agent
  return { agents, agentProgress: Object.values(agents) }
}
