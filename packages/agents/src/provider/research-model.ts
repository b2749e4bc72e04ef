import { createOpenAICompatible } from '@ai-sdk/openai-compatible'
import { StreamError, type RunUsage } from '@throughline/protocol'
import type { LanguageModel, ModelMessage, ToolSet } from 'ai'
import { waitFor, type Wait } from '../run/backoff.ts'
import { askModel, streamModel, type CallLimits } from './model-call.ts'
import { stepModel } from './model-step.ts'
import type { ModelOrigin } from './model-error.ts'
import { priced, type ModelPrices } from './model-prices.ts'
import { withRetry, type RetryNotice } from './model-retry.ts'
import type { ModelSettings } from './model-settings.ts'

/** What a model is told: standing instructions, then the turns. */
export interface Prompt {
  readonly instructions: string
  readonly messages: readonly { readonly role: 'user' | 'assistant'; readonly content: string }[]
}

/** How an answer ended: `length` means that the model's limit cut it. */
export interface ModelAnswer {
  readonly text: string
  readonly finish: 'stop' | 'length' | 'filtered'
  readonly usage: RunUsage
}

export interface ModelCallOptions {
  readonly signal: AbortSignal
  /** Told before each repeat of the call. */
  readonly onRetry?: (notice: RetryNotice) => void
}

export interface ModelStreamOptions extends ModelCallOptions {
  /** Takes each token as it comes; the model is read no faster than this resolves. */
  readonly onToken: (token: string) => Promise<void>
}

/** One step of a conversation in which the model may call tools. */
export interface ToolStepRequest {
  readonly instructions: string
  readonly messages: readonly ModelMessage[]
  /** What the model may call; each is carried out within the step. */
  readonly tools: ToolSet
}

/** What a model said in a step. */
export interface ToolStep {
  readonly text: string
  /** Whether it called for something and so wants to go on. */
  readonly called: boolean
  /** Names under which it called for what could not be carried out. */
  readonly refused: readonly string[]
  /** Its words and the tools’ answers, for the next step. */
  readonly messages: readonly ModelMessage[]
  readonly usage: RunUsage
}

/** A model as the research team uses it. Every failure is a `StreamError` that a person can act on. */
export interface ResearchModel {
  readonly name: string
  ask(prompt: Prompt, options: ModelCallOptions): Promise<ModelAnswer>
  /** Repeats a failed call only while no token has come. */
  stream(prompt: Prompt, options: ModelStreamOptions): Promise<ModelAnswer>
  /** Carries out what the model called for once its words are complete; what broke off before is asked again. */
  step(request: ToolStepRequest, options: ModelCallOptions): Promise<ToolStep>
  /** `false` for a while after the provider refused a request for being one with tools. */
  takesTools(): boolean
}

export interface ResearchModelOptions {
  /** A model of any provider of the AI SDK. */
  readonly model: LanguageModel
  /** Its name in usage and logs. */
  readonly name: string
  /** Who chose it, and so where errors send a person. Default `environment`. */
  readonly origin?: ModelOrigin
  /** Default: unknown, and usage tells no cost. */
  readonly prices?: ModelPrices
  /** Default 60,000: until the first token, or the whole of an answer that is not streamed. */
  readonly firstTokenMs?: number
  /** Default 30,000: silence between tokens. */
  readonly silenceMs?: number
  /** Repeats of a call that failed. Default 2. */
  readonly retries?: number
  /** Longest wait that a provider may ask for before a repeat. Default 10,000; a longer one fails the call at once. */
  readonly maxRetryAfterMs?: number
  /** Most tokens of one answer. Default 4,096. */
  readonly maxOutputTokens?: number
  /** Default: timers. */
  readonly wait?: Wait
  /** Default `Math.random`. */
  readonly random?: () => number
  /** The clock, in milliseconds. Default `Date.now`. */
  readonly now?: () => number
}

/** A provider that refused tools is offered them again after so long: it may have been something else. */
const TOOLS_AGAIN_MS = 600_000

/** Wraps a model with time limits, a bounded retry and errors a person can read. */
export function createResearchModel(options: ResearchModelOptions): ResearchModel {
  const { model, name, firstTokenMs = 60_000, silenceMs = 30_000, maxOutputTokens = 4_096 } = options
  const { retries = 2, maxRetryAfterMs = 10_000, wait = waitFor, random = Math.random } = options
  const { origin = 'environment', prices, now = Date.now } = options
  const limits: CallLimits = { firstTokenMs, silenceMs, maxOutputTokens }
  const policy = { origin, retries, maxRetryAfterMs, wait, random }
  const named = <T extends { readonly usage: RunUsage }>(answer: T): T => ({
    ...answer,
    usage: priced({ ...answer.usage, model: name }, prices),
  })
  let toolsRefusedAt = -Infinity
  return {
    name,
    async ask(prompt, call) {
      return named(
        await withRetry(() => askModel({ model, prompt, limits, signal: call.signal }), {
          ...policy,
          ...call,
        }),
      )
    },
    async stream(prompt, call) {
      let begun = false
      const onToken = async (token: string) => {
        begun = true
        await call.onToken(token)
      }
      const attempt = () => streamModel({ model, prompt, limits, signal: call.signal, onToken })
      return named(await withRetry(attempt, { ...policy, ...call, mayRepeat: () => !begun }))
    },
    async step(request, call) {
      const attempt = () => stepModel({ model, request, limits, signal: call.signal })
      try {
        return named(await withRetry(attempt, { ...policy, ...call }))
      } catch (error) {
        if (isRefusal(error)) toolsRefusedAt = now()
        throw error
      }
    },
    takesTools: () => now() - toolsRefusedAt >= TOOLS_AGAIN_MS,
  }
}

function isRefusal(error: unknown): boolean {
  return error instanceof StreamError && error.code === 'invalid_request'
}

/**
 * The model that the settings name, on any OpenAI-compatible server; asked by `fetch`, for addresses that somebody
 * chose who must not reach everything this process can. Default: the platform's.
 */
export function openaiCompatibleModel(
  settings: ModelSettings,
  options: { readonly fetch?: typeof fetch } = {},
): LanguageModel {
  const { baseUrl, apiKey, model } = settings
  const provider = createOpenAICompatible({
    name: 'openai-compatible',
    baseURL: baseUrl,
    includeUsage: true,
    ...options,
    ...(apiKey === undefined ? {} : { apiKey }),
  })
  return provider.chatModel(model)
}
