'use client'

import type { Agent } from '@throughline/protocol'
import { useStrings } from '@/text/use-strings'
import { AGENT_STATUS, agentIcon } from './agents/agent-look'
import { duration } from './agents/duration'
import { Avatar } from './ui/avatar'
import { Badge } from './ui/badge'
import { classNames } from './ui/class-names'
import { Progress } from './ui/progress'
import { useNow } from './use-now'

export interface AgentGridProps {
  readonly agents: readonly Agent[]
  /** Shows what one agent did. */
  readonly onOpen?: (agentId: string) => void
  readonly selected?: string | undefined
  /** One lane below the other. */
  readonly narrow?: boolean
}

/** A lane for each agent of a run: who, how far, doing what, for how long. */
export function AgentGrid({ agents, onOpen, selected, narrow = false }: AgentGridProps) {
  const strings = useStrings()
  const now = useNow(agents.some(({ status }) => status === 'working'))
  return (
    <ul aria-label={strings.agents} className={classNames('grid gap-2', !narrow && 'sm:grid-cols-2')}>
      {agents.map((agent) => (
        <li
          key={agent.id}
          data-testid="agent"
          data-agent={agent.id}
          data-status={agent.status}
          className={classNames(
            'relative min-w-0 rounded-xl border bg-canvas p-3 transition-colors',
            onOpen !== undefined && 'hover:border-accent',
            agent.id === selected ? 'border-accent' : 'border-line',
          )}
        >
          <AgentLane agent={agent} now={now} onOpen={onOpen} selected={agent.id === selected} />
        </li>
      ))}
    </ul>
  )
}

interface AgentLaneProps {
  readonly agent: Agent
  readonly now: number
  readonly onOpen: ((agentId: string) => void) | undefined
  readonly selected: boolean
}

function AgentLane({ agent, now, onOpen, selected }: AgentLaneProps) {
  const strings = useStrings()
  const status = AGENT_STATUS[agent.status]
  const left = agent.estimatedTimeRemaining
  const doing = agent.summary ?? agent.currentTask
  return (
    <>
      <div className="flex items-center gap-2">
        <Avatar active={agent.status === 'working'}>{agentIcon(agent)}</Avatar>
        <h4 className="min-w-0 flex-1 truncate text-sm font-medium">
          {onOpen === undefined ? (
            agent.name
          ) : (
            <button
              type="button"
              aria-pressed={selected}
              className="text-start outline-none after:absolute after:inset-0 after:rounded-xl focus-visible:after:outline-2 focus-visible:after:outline-accent"
              onClick={() => {
                onOpen(agent.id)
              }}
            >
              {agent.name}
            </button>
          )}
        </h4>
        <Badge tone={status.tone}>{strings[status.text]}</Badge>
      </div>
      <p className="mt-2 truncate text-[0.8125rem] text-soft" title={doing} dir="auto">
        {doing === '' ? '\u00a0' : doing}
      </p>
      <div className="mt-2 flex items-center gap-2.5">
        <div className="flex-1">
          <Progress
            value={Math.round(agent.progress)}
            label={strings.progressOf(agent.name)}
            done={agent.status === 'completed'}
          />
        </div>
        <p className="text-xs text-faint tabular-nums">
          {duration((agent.endedAt ?? now) - agent.startedAt, strings.locale)}
          {agent.status === 'working' && left !== null && left > 0 && ` · ${strings.timeLeft(left)}`}
        </p>
      </div>
    </>
  )
}
