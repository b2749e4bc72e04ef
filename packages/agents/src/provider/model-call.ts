import { StreamError, type RunUsage } from '@throughline/protocol'
import { generateText, streamText, type FinishReason, type LanguageModel, type LanguageModelUsage } from 'ai'
import type { ModelAnswer, Prompt } from './research-model.ts'
import { startWatchdog } from './watchdog.ts'

export interface CallLimits {
  readonly firstTokenMs: number
  readonly silenceMs: number
  readonly maxOutputTokens: number
}

export interface AskModelOptions {
  readonly model: LanguageModel
  readonly prompt: Prompt
  readonly limits: CallLimits
  readonly signal: AbortSignal
}

export interface StreamModelOptions extends AskModelOptions {
  readonly onToken: (token: string) => Promise<void>
}

/** A longer answer ends there, whatever the provider makes of its token limit: an event has to hold it whole. */
const MAX_ANSWER_LENGTH = 300_000

/** One call for a whole answer. Throws what the AI SDK throws, but for a time-out. */
export async function askModel({ model, prompt, limits, signal }: AskModelOptions): Promise<ModelAnswer> {
  const watchdog = startWatchdog(limits.firstTokenMs)
  try {
    const result = await generateText({
      ...request(model, prompt, limits),
      abortSignal: AbortSignal.any([signal, watchdog.signal]),
    })
    return { text: result.text, finish: finishOf(result.finishReason), usage: usageOf(result.usage) }
  } catch (error) {
    throw watchdog.signal.aborted ? tooSlow(limits.firstTokenMs, error) : error
  } finally {
    watchdog.stop()
  }
}

/** One call for a streamed answer. Throws what the AI SDK reports, but for a time-out or an empty answer. */
export async function streamModel(options: StreamModelOptions): Promise<ModelAnswer> {
  const { model, prompt, limits, signal, onToken } = options
  const watchdog = startWatchdog(limits.firstTokenMs)
  const over = new AbortController()
  let text = ''
  try {
    const result = streamText({
      ...request(model, prompt, limits),
      abortSignal: AbortSignal.any([signal, watchdog.signal, over.signal]),
      // Errors are parts of the stream; without this they would also be printed.
      onError: () => undefined,
    })
    for await (const part of result.stream) {
      if (part.type === 'error') throw part.error
      if (part.type === 'abort') throw new Error('aborted')
      if (part.type === 'reasoning-delta') watchdog.touch(limits.silenceMs)
      if (part.type === 'text-delta' && part.text !== '') {
        text += part.text
        // The log's slowness is not the model's.
        watchdog.stop()
        await onToken(part.text)
        if (text.length >= MAX_ANSWER_LENGTH) return { text, finish: 'length', usage: {} }
        watchdog.touch(limits.silenceMs)
      }
      if (part.type === 'finish') {
        return { text: checked(text), finish: finishOf(part.finishReason), usage: usageOf(part.totalUsage) }
      }
    }
    throw new Error('the stream ended without a finish')
  } catch (error) {
    throw watchdog.signal.aborted
      ? tooSlow(text === '' ? limits.firstTokenMs : limits.silenceMs, error)
      : error
  } finally {
    watchdog.stop()
    // Lets go of the connection when the stream was left early.
    over.abort()
  }
}

function request(model: LanguageModel, prompt: Prompt, limits: CallLimits) {
  return {
    model,
    instructions: prompt.instructions,
    messages: prompt.messages.map((message) => ({ ...message })),
    maxOutputTokens: limits.maxOutputTokens,
    // Repeats are ours: they keep to the run's signal and are told to the person who waits.
    maxRetries: 0,
  }
}

/** What a model that sent nothing for so long comes to. */
export function tooSlow(limitMs: number, cause: unknown): StreamError {
  const seconds = String(Math.max(1, Math.round(limitMs / 1_000)))
  return new StreamError('network_error', `The model sent nothing for ${seconds} s. Try again.`, { cause })
}

function checked(text: string): string {
  if (text.trim() !== '') return text
  throw new StreamError('server_error', 'The model gave an empty answer. Try again, or choose another model.')
}

function finishOf(reason: FinishReason): ModelAnswer['finish'] {
  if (reason === 'length') return 'length'
  return reason === 'content-filter' ? 'filtered' : 'stop'
}

/** What a call used, as far as the provider told. */
export function usageOf({ inputTokens, outputTokens }: LanguageModelUsage): RunUsage {
  return {
    ...(inputTokens === undefined ? {} : { inputTokens }),
    ...(outputTokens === undefined ? {} : { outputTokens }),
  }
}
