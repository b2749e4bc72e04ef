import { StreamError } from '@throughline/protocol'
import { readModelPrices, type ModelPrices } from './model-prices.ts'

/** Which OpenAI-compatible server to ask for which model. */
export interface ModelSettings {
  /** Up to and with `/v1`. */
  readonly baseUrl: string
  /** Absent for local servers that want none. */
  readonly apiKey?: string
  readonly model: string
  /** Default: unknown, and so is what a run cost. */
  readonly prices?: ModelPrices
}

const OPENAI_URL = 'https://api.openai.com/v1'

/**
 * Reads `OPENAI_BASE_URL`, `OPENAI_API_KEY` (or `MODEL_API_KEY`), `MODEL` and its prices. `undefined` when no model was
 * chosen; a key alone chooses none, for shells often carry one.
 * @throws StreamError `invalid_request` that says what is missing
 */
export function readModelSettings(
  env: Readonly<Record<string, string | undefined>>,
): ModelSettings | undefined {
  const model = trimmed(env['MODEL'])
  const address = trimmed(env['OPENAI_BASE_URL'])
  const prices = readModelPrices(env)
  const apiKey = trimmed(env['OPENAI_API_KEY']) ?? trimmed(env['MODEL_API_KEY'])
  if (model === undefined && address === undefined) return undefined
  if (model === undefined) {
    throw new StreamError(
      'invalid_request',
      'OPENAI_BASE_URL is set without MODEL. Name the model to ask for.',
    )
  }
  if (address === undefined && apiKey === undefined) {
    throw new StreamError(
      'invalid_request',
      'MODEL is set without a provider. Set OPENAI_API_KEY, or OPENAI_BASE_URL of a server of your own.',
    )
  }
  const baseUrl = address ?? OPENAI_URL
  if (!isHttp(baseUrl)) {
    throw new StreamError(
      'invalid_request',
      'OPENAI_BASE_URL is no http or https address. Write it with its scheme.',
    )
  }
  return {
    baseUrl: baseUrl.replace(/\/+$/, ''),
    model,
    ...(apiKey === undefined ? {} : { apiKey }),
    ...(prices === undefined ? {} : { prices }),
  }
}

function trimmed(value: string | undefined): string | undefined {
  const text = value?.trim()
  return text === '' ? undefined : text
}

function isHttp(address: string): boolean {
  const protocol = URL.parse(address)?.protocol
  return protocol === 'http:' || protocol === 'https:'
}
