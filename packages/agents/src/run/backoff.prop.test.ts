import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { backoffMs, waitFor } from './backoff.ts'

describe('backoff', () => {
  it('stays within half to one and a half of the doubled base, and never beyond the maximum', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 10_000 }),
        fc.integer({ min: 1, max: 5_000 }),
        fc.integer({ min: 1, max: 60_000 }),
        fc.double({ min: 0, max: 0.999_999, noNaN: true }),
        (attempt, baseMs, maxMs, random) => {
          const ms = backoffMs(attempt, { baseMs, maxMs, random: () => random })
          const middle = Math.min(maxMs, baseMs * 2 ** Math.min(attempt - 1, 30))
          expect(ms).toBeLessThanOrEqual(maxMs)
          expect(ms).toBeGreaterThanOrEqual(Math.min(maxMs, Math.floor(middle / 2)))
        },
      ),
    )
  })

  it('gives a wait up at once when its signal is aborted', async () => {
    const stop = new AbortController()
    const waiting = waitFor(3_600_000, stop.signal)
    stop.abort()
    await waiting
    await waitFor(3_600_000, stop.signal)
  })
})
