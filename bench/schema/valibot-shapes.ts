import * as v from 'valibot'

const id = v.pipe(v.string(), v.regex(/^[A-Za-z0-9_-]{1,64}$/))
const count = v.pipe(v.number(), v.integer(), v.minValue(0))
const citation = v.object({
  n: count,
  documentId: v.string(),
  title: v.string(),
  start: count,
  end: count,
  quote: v.string(),
})
const citations = v.optional(v.array(citation))
const attachment = v.object({ documentId: v.string(), title: v.string() })
const question = v.object({ id: v.string(), question: v.string(), agentId: v.optional(id) })
const finding = v.object({ questionId: v.string(), question: v.string(), citations: v.array(citation) })
const runKind = v.picklist(['message', 'regenerate', 'continue'])
const ephemeral = { agentId: v.optional(id) }

/** The same shapes as the protocol's table, as one would write them with valibot. */
const SHAPES = {
  message_started: v.object({ messageId: id, agentId: v.optional(id), role: v.literal('assistant') }),
  message_chunk: v.object({
    messageId: id,
    content: v.string(),
    isComplete: v.boolean(),
    agentId: v.optional(id),
    metadata: v.optional(v.object({ tokens: v.number(), citations })),
  }),
  message_completed: v.object({ messageId: id, sessionId: id, finalContent: v.string(), citations }),
  agent_started: v.object({
    agentId: id,
    agentName: v.string(),
    role: v.optional(v.string()),
    task: v.optional(v.string()),
  }),
  agent_progress: v.object({
    agentId: id,
    agentName: v.string(),
    status: v.picklist(['idle', 'working', 'completed', 'error']),
    progress: v.nullable(v.number()),
    currentTask: v.string(),
    estimatedTimeRemaining: v.nullable(v.number()),
    results: v.optional(v.unknown()),
  }),
  agent_completed: v.object({
    agentId: id,
    agentName: v.string(),
    status: v.picklist(['completed', 'error']),
    summary: v.optional(v.string()),
    results: v.optional(v.unknown()),
  }),
  typing_indicator: v.object({
    ...ephemeral,
    isTyping: v.boolean(),
    estimatedDuration: v.optional(v.number()),
  }),
  thinking_status: v.object({ ...ephemeral, isThinking: v.boolean(), status: v.optional(v.string()) }),
  error_occurred: v.object({
    code: v.string(),
    message: v.string(),
    retryable: v.boolean(),
    agentId: v.optional(id),
    retryAfterMs: v.optional(v.number()),
  }),
  research_plan: v.object({ questions: v.array(question), title: v.optional(v.string()) }),
  research_results: v.object({ findings: v.array(finding) }),
  research_completed: v.object({
    messageId: id,
    sources: count,
    flagged: count,
    summary: v.optional(v.string()),
  }),
  user_message: v.object({
    messageId: id,
    content: v.string(),
    clientMessageId: v.optional(id),
    attachments: v.optional(v.array(attachment)),
  }),
  run_queued: v.object({ runId: id, kind: runKind, messageId: id, continueFrom: v.optional(id) }),
  run_started: v.object({ runId: id, attempt: v.number(), kind: runKind, agentTeam: v.optional(v.string()) }),
  run_completed: v.object({
    runId: id,
    status: v.picklist(['completed', 'failed', 'cancelled', 'interrupted']),
    reason: v.optional(v.string()),
    usage: v.optional(
      v.object({
        inputTokens: v.optional(v.number()),
        outputTokens: v.optional(v.number()),
        model: v.optional(v.string()),
      }),
    ),
  }),
  input_requested: v.object({
    inputId: id,
    kind: v.string(),
    prompt: v.string(),
    options: v.optional(v.unknown()),
    agentId: v.optional(id),
  }),
  input_resolved: v.object({
    inputId: id,
    kind: v.string(),
    decision: v.string(),
    value: v.optional(v.unknown()),
  }),
  session_updated: v.object({ title: v.optional(v.string()), archived: v.optional(v.boolean()) }),
} as const

/** Whether `data` is what an event of this type carries. */
export function isEventByValibot(type: string, data: unknown): boolean {
  return Object.hasOwn(SHAPES, type) && v.is(SHAPES[type as keyof typeof SHAPES], data)
}
