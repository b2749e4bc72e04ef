import type { EventData, KnownDraft } from '@throughline/protocol'
import type { RunWriter } from '@throughline/server'
import { createProgressMeter } from './progress-meter.ts'
import type { RunScope } from './run-scope.ts'

export interface AgentReporterOptions {
  readonly writer: RunWriter
  readonly scope: RunScope
  readonly agentId: string
  readonly agentName: string
  readonly role: string
  /** The clock, in milliseconds. */
  readonly now: () => number
  /** How long such a step took before, in milliseconds. Default: unknown. */
  readonly typicalMs?: number | undefined
}

/** A call of a tool, as it is told: PROTOCOL.md §3. */
export interface ToolCall {
  readonly tool: string
  readonly input: Readonly<Record<string, string | number>>
  /** What came of it, for a person. */
  readonly summary: string
}

/** Tells the conversation what one agent does. */
export interface AgentReporter {
  readonly agentId: string
  /** Tells what is worked on now, after `done` of `total` work units; paced, so it may not be stored. */
  progress(done: number, total: number, currentTask: string): Promise<void>
  /** Tells, without storing it, that the agent is busy with what takes a moment. */
  thinking(status: string): void
  /** Tells a call of a tool. */
  used(call: ToolCall): Promise<void>
  /** Tells the last progress, always, and that the agent is done. */
  complete(summary: string, results?: unknown): Promise<void>
  /** Tells that the agent gave up. */
  fail(summary: string): Promise<void>
}

/** Writes `agent_started` and gives the agent its voice. */
export async function startAgent(options: AgentReporterOptions, task: string): Promise<AgentReporter> {
  const { writer, scope, agentId, agentName, role, now, typicalMs } = options
  const envelope = { runId: scope.runId, agentId, messageId: scope.messageId, parentId: scope.parentId }
  const meter = createProgressMeter(now, typicalMs)
  let busy = false
  const write = async (draft: KnownDraft) => {
    await writer.write(draft)
  }
  const tell = (data: Omit<EventData['agent_progress'], 'agentId' | 'agentName'>) =>
    write({ ...envelope, type: 'agent_progress', data: { agentId, agentName, ...data } })
  const rest = () => {
    if (!busy) return
    busy = false
    writer.ephemeral({ ...envelope, type: 'thinking_status', data: { agentId, isThinking: false } })
  }

  await write({ ...envelope, type: 'agent_started', data: { agentId, agentName, role, task } })
  return {
    agentId,
    async progress(done, total, currentTask) {
      const step = meter.step(done, total)
      if (step !== undefined) await tell({ ...step, status: 'working', currentTask })
    },
    thinking(status) {
      busy = true
      writer.ephemeral({ ...envelope, type: 'thinking_status', data: { agentId, isThinking: true, status } })
    },
    async used(call) {
      await writer.write({ ...envelope, type: 'tool_called', data: { agentId, ...call } })
    },
    async complete(summary, results) {
      rest()
      const told = results === undefined ? {} : { results }
      await tell({ status: 'completed', progress: 100, currentTask: summary, estimatedTimeRemaining: 0 })
      await write({
        ...envelope,
        type: 'agent_completed',
        data: { agentId, agentName, status: 'completed', summary, ...told },
      })
    },
    async fail(summary) {
      rest()
      await write({
        ...envelope,
        type: 'agent_completed',
        data: { agentId, agentName, status: 'error', summary },
      })
    },
  }
}
