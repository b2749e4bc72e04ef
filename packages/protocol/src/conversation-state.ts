import type {
  AgentStatus,
  Attachment,
  Citation,
  ResearchFinding,
  ResearchQuestion,
  RunEndStatus,
  RunKind,
} from './events.ts'
import type { Position } from './position.ts'

/** Raised when the meaning of `ConversationState` changes; stored snapshots of an older one are migrated or rebuilt. */
export const REDUCER_VERSION = 2

/** Messages that a snapshot carries, beside those of open runs. PROTOCOL.md §4. */
export const SNAPSHOT_MESSAGES = 50

export type MessageStatus = 'streaming' | 'complete' | 'cancelled' | 'failed' | 'interrupted'

/** Whether what was assembled is what was written. `open` until the message ends. */
export type Integrity = 'open' | 'complete' | 'truncated' | 'diverged'

export interface Message {
  readonly id: string
  readonly role: 'user' | 'assistant'
  readonly parentId: string | null
  readonly runId: string | null
  readonly agentId: string | null
  readonly content: string
  readonly status: MessageStatus
  readonly integrity: Integrity
  readonly citations: readonly Citation[]
  readonly attachments: readonly Attachment[]
  /** Offset of the event that began it: its place in the conversation and the cursor of older pages. */
  readonly offset: number
  readonly createdAt: number
  readonly endedAt: number | null
  /** Compaction removed some of its chunks before this reader saw them: only `finalContent` can tell the text. */
  readonly bridged: boolean
}

export interface Agent {
  readonly id: string
  readonly name: string
  readonly runId: string | null
  readonly role: string | null
  readonly status: AgentStatus
  /** 0–100. */
  readonly progress: number
  readonly currentTask: string
  /** Milliseconds, or `null` when unknown. */
  readonly estimatedTimeRemaining: number | null
  readonly summary: string | null
  readonly startedAt: number
  readonly updatedAt: number
  readonly endedAt: number | null
}

export interface PendingInput {
  readonly inputId: string
  readonly kind: string
  readonly prompt: string
  readonly options: unknown
  readonly agentId: string | null
  readonly requestedAt: number
}

/** What a person told a run: a decision on a request of it, or a word that nobody asked for (`steer`). */
export interface InputAnswer {
  readonly inputId: string
  readonly kind: string
  readonly decision: string
  readonly value: unknown
  /** Offset of the event: where it was applied. */
  readonly offset: number
  readonly at: number
}

export type RunStatus = 'queued' | 'running' | RunEndStatus

export interface RunFailure {
  readonly code: string
  readonly message: string
  readonly retryable: boolean
}

/** Id of the run that holds what belongs to none: events of outside agents that name no run. */
export const RUNLESS = ''

export interface Run {
  /** `RUNLESS` for the one that nobody asked for. */
  readonly id: string
  readonly kind: RunKind
  /** The user's message that asked for it; `null` when nobody said. */
  readonly messageId: string | null
  readonly status: RunStatus
  readonly reason: string | null
  /** In the order they started. */
  readonly agents: readonly Agent[]
  readonly plan: readonly ResearchQuestion[]
  readonly findings: readonly ResearchFinding[]
  /** Requests not yet answered. */
  readonly inputs: readonly PendingInput[]
  /** What it was told, oldest first; the newest 50. */
  readonly answers: readonly InputAnswer[]
  readonly failure: RunFailure | null
  /** Offset of the event that began it. */
  readonly offset: number
  /** Offset of the event that ended it; `null` while it is queued or running. */
  readonly endOffset: number | null
  readonly queuedAt: number
  readonly startedAt: number | null
  readonly endedAt: number | null
}

/** What the events of one session add up to. The one fold of server, client, poll answers and inspector. */
export interface ConversationState {
  readonly sessionId: string
  /** Last event folded; `null` before the first. */
  readonly position: Position | null
  readonly title: string
  readonly archived: boolean
  /** In the order they began. A snapshot holds the newest of them. */
  readonly messages: readonly Message[]
  /** Runs of the messages held, in the order they were asked for. */
  readonly runs: readonly Run[]
  /** Whether older messages than those held may exist. */
  readonly hasOlder: boolean
  readonly updatedAt: number
}
