import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import {
  answerTokens,
  countTokens,
  planAnswer,
  readChatRequest,
  usageOf,
  type ChatRequest,
} from './model-answer.ts'
import { noTools, refusalOf, wrongKey, type ModelFault, type Refusal } from './model-faults.ts'
import { streamDeltas } from './model-stream.ts'
import { turnDeltas, turnFor, type ToolTurn } from './model-tool-turn.ts'

export interface ModelServerOptions {
  /** Default 0: a free port. */
  readonly port?: number
  /** Rate of streamed answers, also of those under way; `Infinity` for all at once. Default 20. */
  readonly tokensPerSecond?: number
  /** Length of a streamed answer. Default 200. */
  readonly tokens?: number
  /** Wait before the first token, in milliseconds. Default 0. */
  readonly firstTokenMs?: number
  /** Requests without this bearer are refused. Default: any key will do. */
  readonly apiKey?: string
  /** Text of answers that are not streamed; the default is a JSON list of two sub-questions. */
  readonly plan?: string
  /** Text of streamed answers, instead of `tokens` tokens that cite the sources given. */
  readonly answer?: string
  /**
   * What is done with tools that a request offers, turn by turn, the last one for ever. Default: one search for the
   * question's words, then an answer with the labels it gave.
   */
  readonly toolTurns?: readonly ToolTurn[]
  /** Requests that offer tools are refused with this status. */
  readonly refuseTools?: 400 | 404 | 422 | 500
  /** Faults of the next requests without tools, one each; after them all is well. */
  readonly faults?: readonly ModelFault[]
  /** Faults of the next requests with tools. */
  readonly toolFaults?: readonly ModelFault[]
}

/** A model provider on loopback. */
export interface ModelServer {
  /** For `OPENAI_BASE_URL`. */
  readonly url: string
  /** Every request so far, as read. */
  readonly requests: readonly ChatRequest[]
  /** Changes any setting but the port for the requests to come; the rate for answers under way, too. */
  set(options: Omit<ModelServerOptions, 'port'>): void
  /** Cuts what is under way and stops. Idempotent. */
  close(): Promise<void>
}

const MAX_BODY_BYTES = 4_194_304

/** Starts a server that speaks `POST /v1/chat/completions`, streamed and whole, with usage, always the same way. */
export async function startModelServer(options: ModelServerOptions = {}): Promise<ModelServer> {
  let settings: ModelServerOptions = options
  let faults = [...(options.faults ?? [])]
  let toolFaults = [...(options.toolFaults ?? [])]
  const requests: ChatRequest[] = []

  const handle = async (request: IncomingMessage, response: ServerResponse) => {
    const body = await readBody(request)
    const chat = readChatRequest(body)
    if (request.method !== 'POST' || request.url !== '/v1/chat/completions' || chat === undefined) {
      refuse(response, refusalOf({ kind: 'refused', status: 404 }) ?? wrongKey())
      return
    }
    requests.push(chat)
    const { apiKey, refuseTools } = settings
    const offersTools = chat.tools.length > 0
    if (apiKey !== undefined && request.headers.authorization !== `Bearer ${apiKey}`) {
      refuse(response, wrongKey())
      return
    }
    const fault = offersTools ? toolFaults.shift() : faults.shift()
    const refusal =
      offersTools && refuseTools !== undefined ? noTools(refuseTools) : fault && refusalOf(fault)
    if (refusal !== undefined) refuse(response, refusal)
    else if (fault?.kind === 'silent') return
    else if (chat.stream) await stream(response, chat, fault)
    else whole(response, chat)
  }
  const stream = (response: ServerResponse, chat: ChatRequest, fault: ModelFault | undefined) => {
    const { answer, tokens = 200, firstTokenMs = 0 } = settings
    const common = { model: chat.model, promptTokens: countTokens(chat), firstTokenMs, fault }
    if (chat.tools.length > 0) {
      const turn = turnFor(chat, settings.toolTurns)
      const finish = 'calls' in turn ? 'tool_calls' : 'stop'
      return streamDeltas(response, {
        ...common,
        deltas: turnDeltas(chat, turn),
        finish,
        tokensPerSecond: () => Infinity,
      })
    }
    const text = answer === undefined ? answerTokens(chat, tokens) : (answer.match(/\s*\S+|\s+$/g) ?? [])
    const deltas = text.map((content) => ({ content }))
    const tokensPerSecond = () => settings.tokensPerSecond ?? 20
    return streamDeltas(response, { ...common, deltas, finish: 'stop', tokensPerSecond })
  }
  const whole = (response: ServerResponse, chat: ChatRequest) => {
    const content = settings.plan ?? planAnswer(chat)
    const usage = usageOf(countTokens(chat), content.split(/\s+/).length)
    response.writeHead(200, { 'content-type': 'application/json' }).end(
      JSON.stringify({
        id: 'chatcmpl-test',
        object: 'chat.completion',
        created: 0,
        model: chat.model,
        choices: [{ index: 0, message: { role: 'assistant', content }, finish_reason: 'stop' }],
        usage,
      }),
    )
  }

  const server = createServer((request, response) => {
    handle(request, response).catch(() => response.destroy())
  })
  server.listen(options.port ?? 0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${String(portOf(server.address()))}/v1`,
    requests,
    set(changed) {
      settings = { ...settings, ...changed }
      if (changed.faults !== undefined) faults = [...changed.faults]
      if (changed.toolFaults !== undefined) toolFaults = [...changed.toolFaults]
    },
    async close() {
      if (!server.listening) return
      const closed = once(server, 'close')
      server.close()
      server.closeAllConnections()
      await closed
    },
  }
}

function refuse(response: ServerResponse, { status, headers, body }: Refusal): void {
  response.writeHead(status, headers).end(body)
}

async function readBody(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = []
  let bytes = 0
  for await (const part of request) {
    const chunk = Buffer.from(part as Uint8Array)
    bytes += chunk.length
    if (bytes > MAX_BODY_BYTES) throw new Error('The request is too large for the test server.')
    parts.push(chunk)
  }
  return Buffer.concat(parts).toString('utf8')
}

function portOf(address: AddressInfo | string | null): number {
  if (address === null || typeof address === 'string') throw new Error('The test server has no port.')
  return address.port
}
