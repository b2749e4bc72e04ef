import { describe, expect, it } from 'vitest'
import { readModelSettings } from './model-settings.ts'
import { retryAfterMs } from './retry-after.ts'

describe('the model settings', () => {
  it('choose no model when none is named, whatever keys the shell carries', () => {
    expect(readModelSettings({})).toBeUndefined()
    expect(readModelSettings({ OPENAI_API_KEY: 'key', MODEL: ' ' })).toBeUndefined()
  })

  it('take a key with the default address, or an address without a key', () => {
    const hosted = { baseUrl: 'https://api.openai.com/v1', apiKey: 'key', model: 'm' }
    expect(readModelSettings({ MODEL: 'm', OPENAI_API_KEY: 'key' })).toEqual(hosted)
    expect(readModelSettings({ MODEL: 'm', MODEL_API_KEY: 'key' })).toEqual(hosted)
    const local = { baseUrl: 'http://127.0.0.1:11434/v1', model: 'm' }
    expect(readModelSettings({ MODEL: 'm', OPENAI_BASE_URL: 'http://127.0.0.1:11434/v1/' })).toEqual(local)
  })

  it('hold the prices, and refuse wrong ones', () => {
    const env = { MODEL: 'm', OPENAI_API_KEY: 'key', MODEL_PRICE_INPUT: '1' }
    expect(() => readModelSettings(env)).toThrow('MODEL_PRICE_OUTPUT')
    const prices = { input: 1, output: 4, currency: 'USD' }
    expect(readModelSettings({ ...env, MODEL_PRICE_OUTPUT: '4' })).toMatchObject({ prices })
  })

  it.each([
    [{ OPENAI_BASE_URL: 'http://127.0.0.1:1/v1' }, 'MODEL'],
    [{ MODEL: 'm' }, 'OPENAI_API_KEY'],
    [{ MODEL: 'm', OPENAI_BASE_URL: 'localhost:1234' }, 'http'],
  ])('say what is missing in %j', (env, named) => {
    expect(() => readModelSettings(env)).toThrow(named)
  })
})

describe('the wait a provider asks for', () => {
  const now = Date.UTC(2026, 0, 1)
  it.each([
    [{ 'retry-after': '7' }, 7_000],
    [{ 'retry-after-ms': '250', 'retry-after': '7' }, 250],
    [{ 'retry-after': new Date(now + 5_000).toUTCString() }, 5_000],
    [{ 'retry-after': new Date(now - 5_000).toUTCString() }, 0],
    [{ 'retry-after': 'soon' }, undefined],
    [{ 'retry-after': '-3' }, undefined],
    [{}, undefined],
  ])('in %j is %s ms', (headers, ms) => {
    expect(retryAfterMs(headers, now)).toBe(ms)
  })
})
