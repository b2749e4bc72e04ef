import { ID_PATTERN } from './events.ts'
import type {
  Attachment,
  Citation,
  ControlData,
  EventData,
  ResearchFinding,
  ResearchQuestion,
} from './events.ts'
import { count, flag, isPlain, matching, nullable, number, oneOf, optional, text } from './shape.ts'
import type { Ask, Shape } from './shape.ts'

export const id = matching(ID_PATTERN)
export const citation: Shape<Citation> = {
  n: count,
  documentId: text,
  title: text,
  start: count,
  end: count,
  quote: text,
  page: optional(count),
}
export const attachment: Shape<Attachment> = { documentId: text, title: text }
export const question: Shape<ResearchQuestion> = { id: text, question: text, agentId: optional(id) }
export const finding: Shape<ResearchFinding> = { questionId: text, question: text, citations: [citation] }
export const runKind = oneOf(['message', 'regenerate', 'continue'])
const runEndStatus = oneOf(['completed', 'failed', 'cancelled', 'interrupted'])
export const agentStatus = oneOf(['idle', 'working', 'completed', 'error'])

/** What nothing divided by nothing gives, and what JSON makes of it, count as 0. */
export const progress: Ask<number> = (value) => typeof value === 'number' || value === null

/** Cursors by session. */
export const heads: Ask<Readonly<Record<string, string>>> = (value) =>
  isPlain(value) && Object.values(value).every(text)

type Shapes<T> = { readonly [K in keyof T]: Shape<T[K]> }

/** The fields of every type that the protocol defines: one table for writers and readers. PROTOCOL.md §3. */
export const EVENT_SHAPES: Shapes<EventData> = {
  message_started: { messageId: id, agentId: optional(id), role: oneOf(['assistant']) },
  message_chunk: {
    messageId: id,
    content: text,
    isComplete: flag,
    agentId: optional(id),
    metadata: optional({ tokens: number, citations: optional([citation]) }),
  },
  message_completed: {
    messageId: id,
    sessionId: id,
    finalContent: text,
    citations: optional([citation]),
  },
  agent_started: { agentId: id, agentName: text, role: optional(text), task: optional(text) },
  agent_progress: {
    agentId: id,
    agentName: text,
    status: agentStatus,
    progress,
    currentTask: text,
    estimatedTimeRemaining: nullable(number),
  },
  agent_completed: {
    agentId: id,
    agentName: text,
    status: oneOf(['completed', 'error']),
    summary: optional(text),
  },
  typing_indicator: { isTyping: flag, agentId: optional(id), estimatedDuration: optional(number) },
  thinking_status: { isThinking: flag, agentId: optional(id), status: optional(text) },
  error_occurred: {
    code: text,
    message: text,
    retryable: flag,
    agentId: optional(id),
    retryAfterMs: optional(number),
  },
  research_plan: { questions: [question], title: optional(text) },
  research_results: { findings: [finding] },
  research_completed: { messageId: id, sources: count, flagged: count, summary: optional(text) },
  user_message: {
    messageId: id,
    content: text,
    clientMessageId: optional(text),
    attachments: optional([attachment]),
  },
  run_queued: { runId: id, kind: runKind, messageId: id, continueFrom: optional(id) },
  run_started: { runId: id, attempt: count, kind: runKind, agentTeam: optional(text) },
  run_completed: {
    runId: id,
    status: runEndStatus,
    reason: optional(text),
    usage: optional({
      inputTokens: optional(number),
      outputTokens: optional(number),
      model: optional(text),
      cost: optional({ amount: number, currency: text }),
    }),
  },
  input_requested: {
    inputId: id,
    kind: text,
    prompt: text,
    agentId: optional(id),
  },
  input_resolved: { inputId: id, kind: text, decision: text },
  session_updated: { title: optional(text), archived: optional(flag) },
}

/** The fields of what the hub says about the stream itself. PROTOCOL.md §4. */
export const CONTROL_SHAPES: Shapes<ControlData> = {
  heartbeat: { heads },
  snapshot: { part: count, parts: count, reducerVersion: count, state: text },
  reset: { reason: oneOf(['epoch', 'trimmed', 'ahead', 'malformed', 'lagged']), head: text },
  caught_up: { head: text, heartbeatMs: optional(count) },
  reconnect: { afterMs: number },
  auth_expiring: { expiresAt: number },
  session_closed: { code: text },
}
