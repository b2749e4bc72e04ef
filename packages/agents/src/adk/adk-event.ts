/** What is read of an event of an ADK server; everything else in it is passed over. */
export interface AdkEvent {
  /** The agent that speaks. */
  readonly author: string
  /** Whether `text` is a piece of what a later event says as a whole. */
  readonly partial: boolean
  readonly text: string
  /** What a model thinks aloud is not part of its answer. */
  readonly thought: string
  /** Names of the tools that are being called. */
  readonly calls: readonly string[]
  readonly inputTokens: number
  readonly outputTokens: number
  /** The server's own code for what went wrong. */
  readonly errorCode: string | undefined
}

/** Reads one `data:` of `/run_sse`. `undefined` for what is no event. */
export function readAdkEvent(data: string): AdkEvent | undefined {
  const event = parse(data)
  if (event === undefined) return undefined
  const content = fields(event['content'])
  const parts = Array.isArray(content['parts']) ? content['parts'].map(fields) : []
  const said = (thought: boolean) =>
    parts
      .filter((part) => (part['thought'] === true) === thought)
      .map((part) => text(part['text']))
      .join('')
  const usage = fields(event['usageMetadata'])
  const failed = event['errorCode'] ?? event['error'] ?? event['errorMessage']
  return {
    author: text(event['author']) || 'agent',
    partial: event['partial'] === true,
    text: said(false),
    thought: said(true),
    calls: parts.map((part) => text(fields(part['functionCall'])['name'])).filter((name) => name !== ''),
    inputTokens: count(usage['promptTokenCount']),
    outputTokens: count(usage['candidatesTokenCount']),
    errorCode: failed === undefined || failed === null ? undefined : text(event['errorCode']) || 'unknown',
  }
}

function parse(data: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(data)
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? fields(value) : undefined
  } catch {
    return undefined
  }
}

function fields(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? { ...value } : {}
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : ''
}

function count(value: unknown): number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value > 0 ? value : 0
}
