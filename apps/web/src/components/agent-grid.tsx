import type { Agent } from '@throughline/protocol'
import { BookOpenText, ListTree, PenLine, ScanSearch, ShieldCheck } from 'lucide-react'
import type { ReactNode } from 'react'
import { strings } from '@/text/strings'
import { Avatar } from './ui/avatar'
import { Badge, type BadgeTone } from './ui/badge'
import { Progress } from './ui/progress'

const STATUS: Record<Agent['status'], { tone: BadgeTone; text: string }> = {
  idle: { tone: 'neutral', text: strings.waiting },
  working: { tone: 'accent', text: strings.working },
  completed: { tone: 'good', text: strings.finished },
  error: { tone: 'bad', text: strings.agentFailed },
}

const ICONS: Record<string, ReactNode> = {
  planner: <ListTree className="size-3.5" />,
  researcher: <ScanSearch className="size-3.5" />,
  writer: <PenLine className="size-3.5" />,
  reviewer: <ShieldCheck className="size-3.5" />,
}

/** A lane for each agent of a run: who, how far, doing what. */
export function AgentGrid({ agents }: { agents: readonly Agent[] }) {
  return (
    <ul aria-label={strings.agents} className="grid gap-2 sm:grid-cols-2">
      {agents.map((agent) => (
        <AgentLane key={agent.id} agent={agent} />
      ))}
    </ul>
  )
}

function AgentLane({ agent }: { agent: Agent }) {
  const status = STATUS[agent.status]
  const left = agent.estimatedTimeRemaining
  return (
    <li
      data-testid="agent"
      data-agent={agent.id}
      data-status={agent.status}
      className="min-w-0 rounded-lg border border-line bg-canvas p-2.5"
    >
      <div className="flex items-center gap-2">
        <Avatar active={agent.status === 'working'}>{icon(agent)}</Avatar>
        <span className="min-w-0 flex-1 truncate text-sm font-medium">{agent.name}</span>
        <Badge tone={status.tone}>{status.text}</Badge>
      </div>
      <p className="mt-1.5 mb-2 truncate text-xs text-soft" title={agent.currentTask}>
        {agent.summary ?? agent.currentTask}
        {agent.status === 'working' && left !== null && ` · ${strings.timeLeft(left)}`}
      </p>
      <Progress value={agent.progress} label={agent.name} done={agent.status === 'completed'} />
    </li>
  )
}

function icon(agent: Agent): ReactNode {
  const role = agent.role ?? agent.id.replace(/-\d+$/, '')
  return ICONS[role] ?? <BookOpenText className="size-3.5" />
}
