import { StreamError } from '@throughline/protocol'
import { isStepCount, streamText, type LanguageModel } from 'ai'
import { tooSlow, usageOf, type CallLimits } from './model-call.ts'
import type { ToolStep, ToolStepRequest } from './research-model.ts'
import { startWatchdog } from './watchdog.ts'

export interface StepModelOptions {
  readonly model: LanguageModel
  readonly request: ToolStepRequest
  readonly limits: CallLimits
  readonly signal: AbortSignal
}

/** Characters of one step, thoughts and arguments among them, whatever the provider makes of its token limit. */
const MAX_CHARACTERS = 100_000
/** What a call weighs beside its arguments. */
const CALL_CHARACTERS = 200
const MAX_REFUSED = 8

/**
 * One step of a conversation with tools: the model's words, and every call it made carried out. Asked as a stream, so
 * that slow thinking is told from silence. Throws what the AI SDK reports, but for a time-out or a step without end.
 */
export async function stepModel({ model, request, limits, signal }: StepModelOptions): Promise<ToolStep> {
  const watchdog = startWatchdog(limits.firstTokenMs)
  const over = new AbortController()
  const refused: string[] = []
  let text = ''
  let called = false
  let characters = 0
  const count = (more: number) => {
    watchdog.touch(limits.silenceMs)
    characters += more
    if (characters > MAX_CHARACTERS) throw endless()
  }
  try {
    const result = streamText({
      model,
      instructions: request.instructions,
      messages: [...request.messages],
      tools: request.tools,
      // The steps, their bound and their repeats are the researcher's.
      stopWhen: isStepCount(1),
      maxOutputTokens: limits.maxOutputTokens,
      maxRetries: 0,
      abortSignal: AbortSignal.any([signal, watchdog.signal, over.signal]),
      // Errors are parts of the stream; without this they would also be printed.
      onError: () => undefined,
    })
    for await (const part of result.stream) {
      switch (part.type) {
        case 'error':
          throw part.error
        case 'abort':
          throw new Error('aborted')
        case 'text-delta':
          text += part.text
          count(part.text.length)
          break
        case 'reasoning-delta':
          count(part.text.length)
          break
        case 'tool-input-delta':
          count(part.delta.length)
          break
        case 'tool-call':
          called = true
          count(CALL_CHARACTERS)
          break
        case 'tool-error':
          if (refused.length < MAX_REFUSED) refused.push(part.toolName)
          break
        case 'finish':
          return {
            text,
            called,
            refused,
            messages: await result.responseMessages,
            usage: usageOf(part.totalUsage),
          }
        default:
          break
      }
    }
    throw new Error('the stream ended without a finish')
  } catch (error) {
    if (!watchdog.signal.aborted) throw error
    throw tooSlow(characters === 0 ? limits.firstTokenMs : limits.silenceMs, error)
  } finally {
    watchdog.stop()
    // Lets go of the connection when the stream was left early.
    over.abort()
  }
}

function endless(): StreamError {
  return new StreamError(
    'server_error',
    'The model did not come to an end. Try again, or choose another model.',
  )
}
