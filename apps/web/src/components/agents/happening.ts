import { isEvent, type Envelope } from '@throughline/protocol'
import type { Strings } from '../../text/english/index.ts'

/** One line of what an agent, or the team, did. */
export interface Happening {
  readonly key: string
  readonly at: number
  readonly agentId: string | null
  readonly text: string
  readonly tone: 'plain' | 'good' | 'bad' | 'accent'
}

/** What an event tells a person about the work; `undefined` when it tells nothing. */
export function happeningOf(event: Envelope, strings: Strings): Happening | undefined {
  const say = (text: string, tone: Happening['tone'] = 'plain', agentId = event.agentId): Happening => ({
    key: event.id ?? `${event.type}-${String(event.timestamp)}`,
    at: event.timestamp,
    agentId: agentId ?? null,
    text,
    tone,
  })
  if (isEvent(event, 'run_started')) return say(strings.runStarted)
  if (isEvent(event, 'run_completed')) return say(strings.runEnded[event.data.status])
  if (isEvent(event, 'research_plan')) return say(strings.planned(event.data.questions.length))
  if (isEvent(event, 'agent_started')) {
    return say(event.data.task ?? strings.agentBegan, 'accent', event.data.agentId)
  }
  if (isEvent(event, 'agent_progress')) {
    const { agentId, currentTask, progress } = event.data
    return say(`${currentTask} (${String(Math.round(progress))} %)`, 'plain', agentId)
  }
  if (event.type === 'tool_called') {
    const summary = fieldOf(event.data, 'summary')
    return typeof summary === 'string' ? say(summary) : undefined
  }
  if (isEvent(event, 'agent_completed')) {
    const { agentId, summary, status } = event.data
    return say(summary ?? strings.finished, status === 'error' ? 'bad' : 'good', agentId)
  }
  if (isEvent(event, 'input_requested')) return say(event.data.prompt, 'accent')
  if (isEvent(event, 'input_resolved')) return say(resolved(event.data, strings), 'accent')
  if (isEvent(event, 'error_occurred')) return say(event.data.message, 'bad')
  if (isEvent(event, 'research_completed'))
    return say(event.data.summary ?? strings.researchDone(event.data.sources), 'good')
  return undefined
}

function fieldOf(data: unknown, name: string): unknown {
  return typeof data === 'object' && data !== null ? Reflect.get(data, name) : undefined
}

function resolved({ decision, value }: { decision: string; value?: unknown }, strings: Strings): string {
  if (decision === 'steer' && typeof value === 'string') return strings.steered(value)
  return strings.decided(decision)
}
