import type { Cursor } from './cursor.ts'

/** A quoted place in a document that supports a sentence. */
export interface Citation {
  /** The number shown in the text, from 1. */
  readonly n: number
  readonly documentId: string
  readonly title: string
  /** Character offsets of `quote` in the document's stored text: `[start, end)`. */
  readonly start: number
  readonly end: number
  readonly quote: string
  /** The page of the document, from 1, where it has pages. */
  readonly page?: number
}

export type AgentStatus = 'idle' | 'working' | 'completed' | 'error'
export type RunEndStatus = 'completed' | 'failed' | 'cancelled' | 'interrupted'

/** What a message may carry beside its text. */
export interface Attachment {
  readonly documentId: string
  readonly title: string
}

export interface ResearchQuestion {
  readonly id: string
  readonly question: string
  readonly agentId?: string
}

export interface ResearchFinding {
  readonly questionId: string
  readonly question: string
  readonly citations: readonly Citation[]
}

/** Data of each event type. The specification's names and fields are kept. PROTOCOL.md §3. */
export interface EventData {
  message_started: { messageId: string; agentId?: string; role: 'assistant' }
  /** `content` is a delta; `isComplete` on the last one is informative. */
  message_chunk: {
    messageId: string
    content: string
    isComplete: boolean
    agentId?: string
    metadata?: { tokens: number; citations?: readonly Citation[] }
  }
  /** The one end of a message that was finished; `finalContent` is its whole text. */
  message_completed: {
    messageId: string
    sessionId: string
    finalContent: string
    citations?: readonly Citation[]
  }
  agent_started: { agentId: string; agentName: string; role?: string; task?: string }
  agent_progress: {
    agentId: string
    agentName: string
    status: AgentStatus
    /** 0–100, work units done. */
    progress: number
    currentTask: string
    /** Milliseconds; `null` while nothing was measured. */
    estimatedTimeRemaining: number | null
    results?: unknown
  }
  agent_completed: {
    agentId: string
    agentName: string
    status: 'completed' | 'error'
    summary?: string
    results?: unknown
  }
  typing_indicator: { isTyping: boolean; agentId?: string; estimatedDuration?: number }
  thinking_status: { isThinking: boolean; agentId?: string; status?: string }
  error_occurred: {
    code: string
    message: string
    retryable: boolean
    agentId?: string
    retryAfterMs?: number
  }
  research_plan: { questions: readonly ResearchQuestion[]; title?: string }
  research_results: { findings: readonly ResearchFinding[] }
  research_completed: { messageId: string; sources: number; flagged: number; summary?: string }
  user_message: {
    messageId: string
    content: string
    clientMessageId?: string
    attachments?: readonly Attachment[]
  }
  /** A run was asked for; written in the same step as the message that asks, so that no run is only in memory. */
  run_queued: { runId: string; kind: RunKind; messageId: string; continueFrom?: string }
  run_started: { runId: string; attempt: number; kind: RunKind; agentTeam?: string }
  run_completed: { runId: string; status: RunEndStatus; reason?: string; usage?: RunUsage }
  input_requested: { inputId: string; kind: string; prompt: string; options?: unknown; agentId?: string }
  input_resolved: { inputId: string; kind: string; decision: string; value?: unknown }
  session_updated: { title?: string; archived?: boolean }
}

/** What a run does: answers a message, answers it again, or goes on from a partial answer. */
export type RunKind = 'message' | 'regenerate' | 'continue'

export interface RunUsage {
  readonly inputTokens?: number
  readonly outputTokens?: number
  readonly model?: string
  /** What it cost; only where prices are configured. */
  readonly cost?: { readonly amount: number; readonly currency: string }
}

/** Events about the stream itself; they carry no `id` but for the last part of a snapshot. PROTOCOL.md §4. */
export interface ControlData {
  heartbeat: { heads: Readonly<Record<string, Cursor>> }
  /** `part` counts from 1 to `parts`; `state` is that part of the JSON text of a `ConversationState`. */
  snapshot: { part: number; parts: number; reducerVersion: number; state: string }
  reset: { reason: ResetReason; head: Cursor }
  /** `heartbeatMs`: how often this hub writes `heartbeat`; readers take 10 s more of silence for its end. */
  caught_up: { head: Cursor; heartbeatMs?: number }
  reconnect: { afterMs: number }
  auth_expiring: { expiresAt: number }
  session_closed: { code: string }
}

export type ResetReason = 'epoch' | 'trimmed' | 'ahead' | 'malformed' | 'lagged'

export type KnownEventType = keyof EventData
export type ControlType = keyof ControlData

/** The specification's message types and ours, as one object of constants. */
export const SSEMessageType = {
  MESSAGE_STARTED: 'message_started',
  MESSAGE_CHUNK: 'message_chunk',
  MESSAGE_COMPLETED: 'message_completed',
  AGENT_STARTED: 'agent_started',
  AGENT_PROGRESS: 'agent_progress',
  AGENT_COMPLETED: 'agent_completed',
  TYPING_INDICATOR: 'typing_indicator',
  THINKING_STATUS: 'thinking_status',
  ERROR_OCCURRED: 'error_occurred',
  CONNECTION_HEARTBEAT: 'heartbeat',
  RESEARCH_PLAN: 'research_plan',
  RESEARCH_RESULTS: 'research_results',
  RESEARCH_COMPLETED: 'research_completed',
  USER_MESSAGE: 'user_message',
  RUN_QUEUED: 'run_queued',
  RUN_STARTED: 'run_started',
  RUN_COMPLETED: 'run_completed',
  INPUT_REQUESTED: 'input_requested',
  INPUT_RESOLVED: 'input_resolved',
  SESSION_UPDATED: 'session_updated',
} as const

export type SSEMessageType = (typeof SSEMessageType)[keyof typeof SSEMessageType]

/** Types that are told and never stored; they lapse after 10 s or with their run. PROTOCOL.md §2. */
export const EPHEMERAL_TYPES = ['typing_indicator', 'thinking_status'] as const
export type EphemeralType = (typeof EPHEMERAL_TYPES)[number]

/** Types that only the hub writes about a stream. */
export const CONTROL_TYPES = [
  'heartbeat',
  'snapshot',
  'reset',
  'caught_up',
  'reconnect',
  'auth_expiring',
  'session_closed',
] as const satisfies readonly ControlType[]

/** What any event's `type` looks like. */
export const EVENT_TYPE_PATTERN = /^[a-z][a-z0-9_]{0,63}$/

/** A name that a session, run, message, agent or producer may have. */
export const ID_PATTERN = /^[A-Za-z0-9_-]{1,64}$/
