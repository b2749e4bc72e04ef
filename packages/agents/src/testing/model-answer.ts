/** The part of a chat completion request that the test server reads. */
export interface ChatRequest {
  readonly model: string
  readonly stream: boolean
  readonly messages: readonly ChatMessage[]
  /** Names of the tools it offers. */
  readonly tools: readonly string[]
}

export interface ChatMessage {
  readonly role: string
  readonly content: string
  /** Calls of tools that an assistant made, as names with their arguments. */
  readonly calls?: readonly string[]
}

/** What is said where no passage was given. */
const WORDS =
  'The documentation says nothing here that could be cited, and this sentence only fills the stream'.split(
    ' ',
  )
/** Words taken from a passage for a sentence; its citation is one token more. */
const SENTENCE_WORDS = 16
const PARAGRAPH_SENTENCES = 4

/** Reads a request's JSON as it comes from any client; `undefined` when it is not one. */
export function readChatRequest(json: string): ChatRequest | undefined {
  const body = parse(json)
  if (!isRecord(body) || typeof body['model'] !== 'string' || !Array.isArray(body['messages']))
    return undefined
  const messages = body['messages'].filter(isRecord).map((message) => ({
    role: String(message['role']),
    content: textOf(message['content']),
    ...callsOf(message['tool_calls']),
  }))
  const tools = functionsOf(body['tools']).map((tool) => String(tool['name']))
  return { model: body['model'], stream: body['stream'] === true, messages, tools }
}

function callsOf(value: unknown): Pick<ChatMessage, 'calls'> {
  const calls = functionsOf(value).map((call) => `${String(call['name'])}${String(call['arguments'])}`)
  return calls.length === 0 ? {} : { calls }
}

function functionsOf(value: unknown): readonly Record<string, unknown>[] {
  return Array.isArray(value)
    ? value
        .filter(isRecord)
        .map((entry) => entry['function'])
        .filter(isRecord)
    : []
}

/**
 * The answer to a request, token by token: always the same for the same request. Each sentence says words of a passage
 * of the last prompt, in turn, and cites its number.
 */
export function answerTokens(request: ChatRequest, tokens: number): readonly string[] {
  const sources = sourcesIn(request)
  const answer: string[] = []
  for (let sentence = 0; answer.length < tokens; sentence += 1) {
    const source = sources[sentence % Math.max(1, sources.length)]
    const words = source?.words ?? WORDS
    answer.push(...words.map((word, index) => (index === 0 ? word : ` ${word}`)))
    const mark = source === undefined ? '.' : ` [${String(source.n)}].`
    answer.push(mark + ((sentence + 1) % PARAGRAPH_SENTENCES === 0 ? '\n\n' : ' '))
  }
  return answer.slice(0, tokens)
}

/** A list of sub-questions as a planner would give it: a JSON array, from the question's own words. */
export function planAnswer(request: ChatRequest): string {
  const question =
    lastUser(request)
      .split('\n')
      .find((line) => line.trim() !== '') ?? ''
  const about = question
    .replace(/^question:\s*/i, '')
    .replace(/\?$/, '')
    .trim()
  return JSON.stringify([`${about}?`, `What are the limits of this: ${about}?`])
}

/** Number of words, the test server's tokens. */
export function countTokens(request: ChatRequest): number {
  return request.messages.reduce((sum, { content }) => sum + content.split(/\s+/).length, 0)
}

/** Usage as the protocol writes it. */
export function usageOf(prompt: number, completion: number): object {
  return { prompt_tokens: prompt, completion_tokens: completion, total_tokens: prompt + completion }
}

interface Source {
  readonly n: number
  readonly words: readonly string[]
}

/** The passages of the request: `[1] title`, then the text on the lines below. */
function sourcesIn(request: ChatRequest): readonly Source[] {
  const asked = request.messages.findLast(({ role, content }) => role === 'user' && /^\[\d+\]/m.test(content))
  const parts = asked?.content.split(/^(?=\[\d+\] )/m).filter((part) => /^\[\d+\] /.test(part)) ?? []
  return parts.map((part) => {
    const [title = '', ...text] = part.split('\n')
    const words = text.join(' ').match(/\b[A-Za-z]{3,}\b/g) ?? []
    return {
      n: Number(/\d+/.exec(title)?.[0]),
      words: words.length > 3 ? words.slice(0, SENTENCE_WORDS) : WORDS,
    }
  })
}

function lastUser(request: ChatRequest): string {
  return request.messages.findLast(({ role }) => role === 'user')?.content ?? ''
}

function textOf(content: unknown): string {
  if (typeof content === 'string') return content
  if (!Array.isArray(content)) return ''
  return content
    .filter(isRecord)
    .map((part) => (typeof part['text'] === 'string' ? part['text'] : ''))
    .join('')
}

function parse(json: string): unknown {
  try {
    return JSON.parse(json)
  } catch {
    return undefined
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
