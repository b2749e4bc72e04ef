import { StreamError } from '@throughline/protocol'
import { afterEach, describe, expect, it } from 'vitest'
import type { Wait } from '../run/backoff.ts'
import { PROVIDER_INTERNALS } from '../testing/model-faults.ts'
import { startModelServer, type ModelServer, type ModelServerOptions } from '../testing/model-server.ts'
import { createResearchModel, openaiCompatibleModel, type ResearchModelOptions } from './research-model.ts'

const prompt = {
  instructions: 'Answer.',
  messages: [
    { role: 'user', content: '[1] a\nfirst words of one passage\n\n[2] b\nother words of another passage' },
  ],
} as const
const signal = new AbortController().signal

let server: ModelServer | undefined
afterEach(async () => {
  await server?.close()
})

async function modelOn(serverOptions: ModelServerOptions, options: Partial<ResearchModelOptions> = {}) {
  const waits: number[] = []
  const wait: Wait = async (ms) => {
    waits.push(ms)
  }
  server = await startModelServer({ tokensPerSecond: Infinity, tokens: 40, ...serverOptions })
  const model = openaiCompatibleModel({ baseUrl: server.url, apiKey: 'key', model: 'test-model' })
  const research = createResearchModel({ model, name: 'test-model', wait, random: () => 0.5, ...options })
  return { research, server, waits }
}

async function streamed(research: Awaited<ReturnType<typeof modelOn>>['research'], stop = signal) {
  const tokens: string[] = []
  const answer = await research.stream(prompt, {
    signal: stop,
    onToken: async (token) => {
      tokens.push(token)
    },
  })
  return { tokens, answer }
}

async function failureOf(promise: Promise<unknown>): Promise<StreamError> {
  const error = await promise.then(
    () => undefined,
    (thrown: unknown) => thrown,
  )
  if (!(error instanceof StreamError)) throw new Error('expected a StreamError', { cause: error })
  expect(error.message).not.toContain(PROVIDER_INTERNALS)
  return error
}

describe('a model over HTTP', () => {
  it('streams every token as it comes and tells the usage', async () => {
    const { research } = await modelOn({})
    const { tokens, answer } = await streamed(research)
    expect(tokens).toHaveLength(40)
    expect(answer.text).toBe(tokens.join(''))
    expect(answer.text).toContain('[1]')
    expect(answer.finish).toBe('stop')
    expect(answer.usage).toEqual({ inputTokens: 15, outputTokens: 40, model: 'test-model' })
  })

  it('ends an answer that has no end while an event can still hold it', async () => {
    const word = 'and so on '.repeat(100).trimEnd()
    const { research } = await modelOn({ answer: Array(600).fill(word.replaceAll(' ', '_')).join(' ') })
    const { answer } = await streamed(research)
    expect(answer.finish).toBe('length')
    expect(answer.text.length).toBeLessThan(302_000)
  })

  it('tells what it cost where prices are known', async () => {
    const { research } = await modelOn({}, { prices: { input: 2, output: 10, currency: 'USD' } })
    const { answer } = await streamed(research)
    expect(answer.usage.cost).toEqual({ amount: (15 * 2 + 40 * 10) / 1_000_000, currency: 'USD' })
  })

  it('answers a whole text and tells the usage', async () => {
    const { research } = await modelOn({ plan: '["a"]' })
    const answer = await research.ask(prompt, { signal })
    expect(answer.text).toBe('["a"]')
    expect(answer.usage.outputTokens).toBe(1)
  })

  it('waits as long as a 429 asks and then succeeds', async () => {
    const { research, waits } = await modelOn({ faults: [{ kind: 'rate_limited', retryAfterSeconds: 3 }] })
    const { tokens } = await streamed(research)
    expect(tokens).toHaveLength(40)
    expect(waits).toEqual([3_000])
  })

  it('fails at once, telling when to come back, on a 429 that asks for too long a wait', async () => {
    const { research, server, waits } = await modelOn({
      faults: [{ kind: 'rate_limited', retryAfterSeconds: 120 }],
    })
    const error = await failureOf(streamed(research))
    expect(error).toMatchObject({ code: 'rate_limited', retryable: true, retryAfterMs: 120_000 })
    expect(error.message).toContain('120 s')
    expect([server.requests.length, waits]).toEqual([1, []])
  })

  it('does not repeat a call when the quota is used up', async () => {
    const { research, server } = await modelOn({ faults: [{ kind: 'rate_limited', quota: true }] })
    expect(await failureOf(streamed(research))).toMatchObject({ code: 'rate_limited', retryable: false })
    expect(server.requests).toHaveLength(1)
  })

  it('repeats a call twice at most when the provider fails', async () => {
    const fault = { kind: 'server_error', status: 503 } as const
    const { research, server, waits } = await modelOn({ faults: [fault, fault, fault, fault] })
    expect(await failureOf(streamed(research))).toMatchObject({ code: 'server_error', retryable: true })
    expect([server.requests.length, waits]).toEqual([3, [500, 1_000]])
  })

  it('says what to do about a wrong key, and asks once', async () => {
    const { research, server } = await modelOn({ apiKey: 'another' })
    const error = await failureOf(streamed(research))
    expect(error).toMatchObject({ code: 'auth_error', retryable: false })
    expect(error.message).toContain('OPENAI_API_KEY')
    expect(server.requests).toHaveLength(1)
  })

  it.each([
    ['a wrong key', { apiKey: 'another' }],
    ['an unknown model', { faults: [{ kind: 'refused', status: 404 }] }],
    ['a refusal', { faults: [{ kind: 'refused', status: 400 }] }],
    ['an empty answer', { answer: '' }],
    ['a closed port', undefined],
  ] as const)(
    'names no setting of the server’s to whoever chose the model themselves: %s',
    async (_, faulty) => {
      const { research, server } = await modelOn(faulty ?? {}, { origin: 'settings' })
      if (faulty === undefined) await server.close()
      const { message } = await failureOf(streamed(research))
      expect(message).toMatch(/your settings|another model/)
      expect(message).not.toMatch(/OPENAI|MODEL/)
    },
  )

  it.each([400, 404] as const)('says what to do about a refusal with %i', async (status) => {
    const { research } = await modelOn({ faults: [{ kind: 'refused', status }] })
    expect(await failureOf(streamed(research))).toMatchObject({ code: 'invalid_request', retryable: false })
  })

  it.each(['cut', 'truncated', 'error_event'] as const)(
    'never repeats a stream that broke after tokens came (%s)',
    async (kind) => {
      const { research, server } = await modelOn({ faults: [{ kind, afterTokens: 7 }] })
      const tokens: string[] = []
      const onToken = async (token: string) => {
        tokens.push(token)
      }
      const error = await failureOf(research.stream(prompt, { signal, onToken }))
      expect(error.retryable).toBe(true)
      expect(tokens.length).toBeLessThanOrEqual(7)
      expect(server.requests).toHaveLength(1)
    },
  )

  it('repeats a stream that was cut before its first token', async () => {
    const { research, server } = await modelOn({ faults: [{ kind: 'cut', afterTokens: 0 }] })
    expect((await streamed(research)).tokens).toHaveLength(40)
    expect(server.requests).toHaveLength(2)
  })

  it('gives up on a server that never answers', async () => {
    const { research } = await modelOn({ faults: [{ kind: 'silent' }] }, { firstTokenMs: 80 })
    expect(await failureOf(streamed(research))).toMatchObject({ code: 'network_error', retryable: true })
  })

  it('gives up on a first token that does not come', async () => {
    const { research } = await modelOn({ firstTokenMs: 5_000 }, { firstTokenMs: 80 })
    expect(await failureOf(streamed(research))).toMatchObject({ code: 'network_error' })
  })

  it('gives up on a stream that goes silent', async () => {
    const { research } = await modelOn({ faults: [{ kind: 'stall', afterTokens: 5 }] }, { silenceMs: 80 })
    expect(await failureOf(streamed(research))).toMatchObject({ code: 'network_error' })
  })

  it('tells an unreachable provider', async () => {
    const { research, server } = await modelOn({})
    await server.close()
    const error = await failureOf(streamed(research))
    expect(error.code).toBe('network_error')
    expect(error.message).toContain('OPENAI_BASE_URL')
  })

  it('survives a stream of garbage', async () => {
    const garbage = { kind: 'garbage' } as const
    const { research } = await modelOn({ faults: [garbage, garbage, garbage] })
    expect((await failureOf(streamed(research))).retryable).toBe(true)
  })

  it('calls an empty answer a failure', async () => {
    const { research } = await modelOn({ answer: '' })
    expect(await failureOf(streamed(research))).toMatchObject({ code: 'server_error' })
  })

  it('stops within the stream when the run is cancelled, and asks no more', async () => {
    const { research, server } = await modelOn({ tokens: 1_000, tokensPerSecond: 200 })
    const cancel = new AbortController()
    const tokens: string[] = []
    const onToken = async (token: string) => {
      if (tokens.push(token) === 5) cancel.abort(new Error('cancelled'))
    }
    await expect(research.stream(prompt, { signal: cancel.signal, onToken })).rejects.toThrow('cancelled')
    expect(tokens.length).toBeLessThan(20)
    expect(server.requests).toHaveLength(1)
  })
})
