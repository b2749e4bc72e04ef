import { describe, expect, it } from 'vitest'
import { STREAM_ERROR_CODES, isStreamErrorCode } from './stream-error-code.ts'
import { StreamError } from './stream-error.ts'

describe('a stream error', () => {
  it('says by its code whether to try again, unless told', () => {
    const retryable = STREAM_ERROR_CODES.filter((code) => new StreamError(code, 'x').retryable)
    expect(retryable).toEqual(['network_error', 'server_error', 'heartbeat_timeout', 'rate_limited'])
    expect(new StreamError('conflict', 'x', { retryable: true }).retryable).toBe(true)
  })

  it('carries its cause, status and wait', () => {
    const cause = new Error('below')
    const error = new StreamError('rate_limited', 'wait', { cause, status: 429, retryAfterMs: 5 })
    expect(error).toMatchObject({ name: 'StreamError', cause, status: 429, retryAfterMs: 5, message: 'wait' })
    expect('cause' in new StreamError('conflict', 'x')).toBe(false)
  })

  it('knows its codes from foreign words', () => {
    expect(isStreamErrorCode('not_found')).toBe(true)
    expect(isStreamErrorCode('toString')).toBe(false)
    expect(isStreamErrorCode(404)).toBe(false)
  })
})
