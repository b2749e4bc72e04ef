import type {
  Agent,
  ConversationState,
  InputAnswer,
  Message,
  PendingInput,
  Run,
} from './conversation-state.ts'
import { agentStatus, attachment, citation, finding, id, question, runKind } from './event-shapes.ts'
import type { Position } from './position.ts'
import { count, flag, nullable, number, oneOf, text } from './shape.ts'
import type { Shape } from './shape.ts'

const position: Shape<Position> = { epoch: text, offset: count }

const message: Shape<Message> = {
  id,
  role: oneOf(['user', 'assistant']),
  parentId: nullable(id),
  runId: nullable(id),
  agentId: nullable(id),
  content: text,
  status: oneOf(['streaming', 'complete', 'cancelled', 'failed', 'interrupted']),
  integrity: oneOf(['open', 'complete', 'truncated', 'diverged']),
  citations: [citation],
  attachments: [attachment],
  offset: count,
  createdAt: number,
  endedAt: nullable(number),
  bridged: flag,
}

const agent: Shape<Agent> = {
  id,
  name: text,
  runId: nullable(id),
  role: nullable(text),
  status: agentStatus,
  progress: number,
  currentTask: text,
  estimatedTimeRemaining: nullable(number),
  summary: nullable(text),
  startedAt: number,
  updatedAt: number,
  endedAt: nullable(number),
}

const input: Shape<PendingInput> = {
  inputId: id,
  kind: text,
  prompt: text,
  agentId: nullable(id),
  requestedAt: number,
}

const answer: Shape<InputAnswer> = { inputId: id, kind: text, decision: text, offset: count, at: number }

const run: Shape<Run> = {
  id: text,
  kind: runKind,
  messageId: nullable(id),
  status: oneOf(['queued', 'running', 'completed', 'failed', 'cancelled', 'interrupted']),
  reason: nullable(text),
  agents: [agent],
  plan: [question],
  findings: [finding],
  inputs: [input],
  answers: [answer],
  failure: nullable({ code: text, message: text, retryable: flag }),
  offset: count,
  endOffset: nullable(count),
  queuedAt: number,
  startedAt: nullable(number),
  endedAt: nullable(number),
}

/** What a stored or received snapshot must look like. */
export const conversationShape: Shape<ConversationState> = {
  sessionId: id,
  position: nullable(position),
  title: text,
  archived: flag,
  messages: [message],
  runs: [run],
  hasOlder: flag,
  updatedAt: number,
}
