import type { KnownDraft } from '@throughline/protocol'
import type { OwnedRun } from '@throughline/server'
import { startAgent, type AgentReporter } from './agent-reporter.ts'
import type { Park } from '../run/team.ts'
import type { RunScope } from './run-scope.ts'
import type { StepTimes } from './step-times.ts'
import type { TeamLibrary } from './team-library.ts'
import type { TeamWords } from './words/english.ts'

/** The parts a research team is made of. */
export const AGENT_ROLES = ['planner', 'researcher', 'writer', 'reviewer'] as const
export type AgentRole = (typeof AGENT_ROLES)[number]

/** Where the agents of one run work: what they share and how they are heard. */
export interface Desk {
  readonly run: OwnedRun
  readonly scope: RunScope
  readonly library: TeamLibrary
  /** Whose documents the run may read: the user's and the bundled corpus. */
  readonly owners: readonly (string | null)[]
  readonly signal: AbortSignal
  /** Waits for a person without taking a place among the runs at work. */
  readonly park: Park
  /** Agents that are switched off. */
  readonly without: ReadonlySet<AgentRole>
  /** The clock, in milliseconds. */
  readonly now: () => number
  /** What steps of this team took before. */
  readonly times: Pick<StepTimes, 'add' | 'typicalMs'>
  /** The team's name: another team's steps take other times. */
  readonly team: string
  /** What the agents say, in the language of whoever asked. */
  readonly words: TeamWords
}

export interface AgentIdentity {
  readonly agentId: string
  readonly role: AgentRole
  /** Which one, where several have the role. */
  readonly number?: number
  /** What it sets out to do. */
  readonly task: string
}

/** What an agent hands over: its value for the team, and what it says at the end. */
export interface AgentResult<T> {
  readonly value: T
  readonly summary: string
  readonly results?: unknown
}

/** Lets an agent work from `agent_started` to `agent_completed`, whichever way it ends. */
export async function runAgent<T>(
  desk: Desk,
  identity: AgentIdentity,
  work: (agent: AgentReporter) => Promise<AgentResult<T>>,
): Promise<T> {
  const { run, scope, now, times, team, words } = desk
  const { task, agentId, role, number } = identity
  const agentName = [words.names[role], number].filter((part) => part !== undefined).join(' ')
  desk.signal.throwIfAborted()
  const step = `${team}/${identity.role}`
  const startedAt = now()
  const typicalMs = times.typicalMs(step)
  const agent = await startAgent(
    { writer: run.writer, scope, now, typicalMs, agentId, agentName, role },
    task,
  )
  try {
    const { value, summary, results } = await work(agent)
    times.add(step, now() - startedAt)
    await agent.complete(summary, results)
    return value
  } catch (error) {
    // The run's end says why; here a stopped agent must only not look like a working one.
    if (!desk.signal.aborted) await agent.fail(words.couldNotFinish).catch(() => undefined)
    throw error
  }
}

/** Writes an event of the run that is nobody's in particular. */
export async function announce(desk: Desk, draft: KnownDraft): Promise<void> {
  desk.signal.throwIfAborted()
  const { runId, messageId, parentId } = desk.scope
  await desk.run.writer.write({ runId, messageId, parentId, ...draft })
}
