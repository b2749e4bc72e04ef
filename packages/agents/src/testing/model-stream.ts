import type { ServerResponse } from 'node:http'
import { waitFor } from '../run/backoff.ts'
import { usageOf } from './model-answer.ts'
import { PROVIDER_INTERNALS, type ModelFault } from './model-faults.ts'

export interface StreamDeltasOptions {
  readonly model: string
  /** What each chunk adds; they count as the tokens. */
  readonly deltas: readonly object[]
  /** Why the completion ends. */
  readonly finish: 'stop' | 'tool_calls'
  readonly promptTokens: number
  /** Asked before each token. */
  readonly tokensPerSecond: () => number
  readonly firstTokenMs: number
  readonly fault: ModelFault | undefined
}

/** Streams a completion at its rate, or up to the point where `fault` strikes. Ends early when the client leaves. */
export async function streamDeltas(response: ServerResponse, options: StreamDeltasOptions): Promise<void> {
  const { model, deltas, finish, promptTokens, tokensPerSecond, firstTokenMs, fault } = options
  const left = new AbortController()
  response.on('close', () => {
    left.abort()
  })
  const send = (data: object | string) => {
    response.write(`data: ${typeof data === 'string' ? data : JSON.stringify(data)}\n\n`)
  }
  const chunk = (delta: object, reason: string | null = null) => {
    send({ ...header(model), choices: [{ index: 0, delta, finish_reason: reason }] })
  }

  response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-cache' })
  response.flushHeaders()
  await waitFor(firstTokenMs, left.signal)
  if (fault?.kind === 'garbage') {
    send('{ this is not JSON')
    response.end()
    return
  }
  chunk({ role: 'assistant', content: '' })
  let due = performance.now()
  for (const [index, delta] of deltas.entries()) {
    if (left.signal.aborted) return
    if (await strike(fault, index, response, send)) return
    // From when the token before was due, not from when it was sent, so that the rate does not drift.
    if (index > 0) due += 1_000 / tokensPerSecond()
    const early = due - performance.now()
    if (early >= 1) await waitFor(early, left.signal)
    chunk(delta)
  }
  if (left.signal.aborted) return
  chunk({}, finish)
  send({ ...header(model), choices: [], usage: usageOf(promptTokens, deltas.length) })
  send('[DONE]')
  response.end()
}

/** Does what the fault does at this token; whether the stream is over. */
async function strike(
  fault: ModelFault | undefined,
  index: number,
  response: ServerResponse,
  send: (data: object) => void,
): Promise<boolean> {
  if (fault === undefined || !('afterTokens' in fault) || index < fault.afterTokens) return false
  switch (fault.kind) {
    case 'cut':
      // What was written goes out first, else the client would see a connection without an answer.
      await new Promise((resolve) => response.write(': cut\n\n', resolve))
      response.destroy()
      return true
    case 'stall':
      return true
    case 'error_event':
      send({ error: { message: PROVIDER_INTERNALS, type: 'server_error', code: 'overloaded' } })
      response.end()
      return true
    case 'truncated':
      response.end()
      return true
  }
}

function header(model: string): object {
  return { id: 'chatcmpl-test', object: 'chat.completion.chunk', created: 0, model }
}
