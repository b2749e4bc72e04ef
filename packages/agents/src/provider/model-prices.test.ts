import { describe, expect, it } from 'vitest'
import { addUsage } from '../team/usage.ts'
import { priced, readModelPrices } from './model-prices.ts'

const PRICES = { input: 2, output: 8, currency: 'EUR' }

describe('the prices of a model', () => {
  it('are none when none is set, and dollars unless told otherwise', () => {
    expect(readModelPrices({ MODEL_PRICE_INPUT: ' ' })).toBeUndefined()
    const set = { MODEL_PRICE_INPUT: '0.15', MODEL_PRICE_OUTPUT: '0' }
    expect(readModelPrices(set)).toEqual({ input: 0.15, output: 0, currency: 'USD' })
    expect(readModelPrices({ ...set, MODEL_PRICE_CURRENCY: 'EUR' })?.currency).toBe('EUR')
  })

  it.each([
    { MODEL_PRICE_INPUT: '1' },
    { MODEL_PRICE_OUTPUT: '1' },
    { MODEL_PRICE_CURRENCY: 'EUR' },
    { MODEL_PRICE_INPUT: '1', MODEL_PRICE_OUTPUT: '-1' },
    { MODEL_PRICE_INPUT: '1', MODEL_PRICE_OUTPUT: '1,5' },
    { MODEL_PRICE_INPUT: '1', MODEL_PRICE_OUTPUT: 'Infinity' },
    { MODEL_PRICE_INPUT: '1', MODEL_PRICE_OUTPUT: '1', MODEL_PRICE_CURRENCY: '€' },
  ])('are refused as %j, saying how to write them', (env) => {
    expect(() => readModelPrices(env)).toThrow('MODEL_PRICE_INPUT and MODEL_PRICE_OUTPUT')
  })
})

describe('what a run cost', () => {
  it('is told where tokens and prices are known, and nowhere else', () => {
    const usage = { inputTokens: 1_000_000, outputTokens: 500_000 }
    expect(priced(usage, PRICES).cost).toEqual({ amount: 6, currency: 'EUR' })
    expect(priced(usage, undefined)).toEqual(usage)
    expect(priced({ inputTokens: 1 }, PRICES)).toEqual({ inputTokens: 1 })
  })

  it('is the sum of its calls, and unknown when that of one call is', () => {
    const call = priced({ inputTokens: 1_000_000, outputTokens: 0 }, PRICES)
    expect(addUsage(call, call)?.cost).toEqual({ amount: 4, currency: 'EUR' })
    expect(addUsage(call, undefined)?.cost).toEqual({ amount: 2, currency: 'EUR' })
    expect(addUsage(call, { outputTokens: 3 })?.cost).toBeUndefined()
  })
})
