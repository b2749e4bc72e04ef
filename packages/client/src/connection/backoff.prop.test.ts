import fc from 'fast-check'
import { expect, it } from 'vitest'
import { backoffMs } from './backoff.ts'

const draw = fc.double({ min: 0, max: 0.999_999, noNaN: true })

it('I6 waits between Retry-After and Retry-After plus min(30 s, 0.5 s × 2ⁿ)', () => {
  fc.assert(
    fc.property(fc.nat(2_000), draw, fc.nat(120_000), (attempt, random, floorMs) => {
      const ms = backoffMs(attempt, () => random, {}, floorMs)
      expect(ms).toBeGreaterThanOrEqual(floorMs)
      expect(ms).toBeLessThan(floorMs + Math.min(30_000, 500 * 2 ** attempt) + 1)
    }),
  )
})

it('draws from the whole range, so that a fleet is spread', () => {
  const waits = Array.from({ length: 1_000 }, (_, at) => backoffMs(10, () => at / 1_000))
  expect(Math.min(...waits)).toBe(0)
  expect(Math.max(...waits)).toBeGreaterThan(29_000)
  expect(new Set(waits).size).toBe(1_000)
})

it('takes base and cap from the caller', () => {
  expect(backoffMs(0, () => 0.5, { reconnectInterval: 5_000 })).toBe(2_500)
  expect(backoffMs(9, () => 0.5, { reconnectInterval: 5_000, maxIntervalMs: 8_000 })).toBe(4_000)
})
