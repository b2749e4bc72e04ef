import type { Agent } from '@throughline/protocol'
import { BookOpenText, ListTree, PenLine, ScanSearch, ShieldCheck } from 'lucide-react'
import type { ReactNode } from 'react'
import type { BadgeTone } from '../ui/badge'

export const AGENT_STATUS: Record<
  Agent['status'],
  { readonly tone: BadgeTone; readonly text: 'waiting' | 'working' | 'finished' | 'agentFailed' }
> = {
  idle: { tone: 'neutral', text: 'waiting' },
  working: { tone: 'accent', text: 'working' },
  completed: { tone: 'good', text: 'finished' },
  error: { tone: 'bad', text: 'agentFailed' },
}

const ICONS: Record<string, ReactNode> = {
  planner: <ListTree className="size-3.5" />,
  researcher: <ScanSearch className="size-3.5" />,
  writer: <PenLine className="size-3.5" />,
  reviewer: <ShieldCheck className="size-3.5" />,
}

/** The picture of an agent's role. */
export function agentIcon(agent: Pick<Agent, 'role' | 'id'>): ReactNode {
  const role = agent.role ?? agent.id.replace(/-\d+$/, '')
  return ICONS[role] ?? <BookOpenText className="size-3.5" />
}
