import type { SessionSnapshot } from '@throughline/client'
import type { Agent } from '@throughline/protocol'
import { useCallback, useMemo } from 'react'
import { useStreamClient } from './provider.tsx'
import { useSelected } from './use-selected.ts'

const NONE: readonly Agent[] = []

/** The agents of a run, in the order they started. @param runId default: the newest run */
export function useAgents(sessionId: string, runId?: string): readonly Agent[] {
  const source = useStreamClient().session(sessionId)
  const select = useCallback(
    ({ conversation: { runs } }: SessionSnapshot) =>
      (runId === undefined ? runs.at(-1) : runs.find(({ id }) => id === runId))?.agents ?? NONE,
    [runId],
  )
  return useSelected({ source, enabled: true, select })
}

/** One agent of the newest run that has it; `undefined` before it started. */
export function useAgent(sessionId: string, agentId: string): Agent | undefined
/** What `selector` makes of one agent; it renders again only when that is another, or the agent changed. */
export function useAgent<T>(sessionId: string, agentId: string, selector: (agent: Agent | undefined) => T): T
export function useAgent(
  sessionId: string,
  agentId: string,
  selector: (agent: Agent | undefined) => unknown = (agent) => agent,
): unknown {
  const source = useStreamClient().session(sessionId)
  const select = useCallback(
    ({ conversation }: SessionSnapshot) => {
      for (const run of conversation.runs.toReversed()) {
        const agent = run.agents.find(({ id }) => id === agentId)
        if (agent !== undefined) return agent
      }
      return undefined
    },
    [agentId],
  )
  const agent = useSelected({ source, enabled: true, select })
  return useMemo(() => selector(agent), [selector, agent])
}
