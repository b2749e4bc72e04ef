import { StreamError, type RunUsage } from '@throughline/protocol'

/** What a million tokens of a model cost. */
export interface ModelPrices {
  readonly input: number
  readonly output: number
  /** ISO 4217, such as `USD`. */
  readonly currency: string
}

/**
 * Reads `MODEL_PRICE_INPUT` and `MODEL_PRICE_OUTPUT`, per million tokens, and `MODEL_PRICE_CURRENCY` (default USD).
 * `undefined` when none is set.
 * @throws StreamError `invalid_request` that says what to write
 */
export function readModelPrices(env: Readonly<Record<string, string | undefined>>): ModelPrices | undefined {
  const input = env['MODEL_PRICE_INPUT']?.trim() ?? ''
  const output = env['MODEL_PRICE_OUTPUT']?.trim() ?? ''
  const currency = env['MODEL_PRICE_CURRENCY']?.trim() ?? ''
  if (input === '' && output === '' && currency === '') return undefined
  if (![input, output].every((price) => /^\d+(\.\d+)?$/.test(price)) || !/^([A-Z]{3})?$/.test(currency)) {
    throw new StreamError(
      'invalid_request',
      'The prices of the model cannot be read. Set MODEL_PRICE_INPUT and MODEL_PRICE_OUTPUT both, as numbers per ' +
        'million tokens (0.15), and MODEL_PRICE_CURRENCY to three capital letters or not at all (USD).',
    )
  }
  return { input: Number(input), output: Number(output), currency: currency || 'USD' }
}

/** The usage with what it cost; as it is where the provider told no tokens. */
export function priced(usage: RunUsage, prices: ModelPrices | undefined): RunUsage {
  const { inputTokens, outputTokens } = usage
  if (prices === undefined || inputTokens === undefined || outputTokens === undefined) return usage
  const amount = (inputTokens * prices.input + outputTokens * prices.output) / 1_000_000
  return { ...usage, cost: { amount, currency: prices.currency } }
}
