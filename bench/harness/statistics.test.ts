import { expect, test } from 'vitest'
import { median, percentile, slope } from './statistics.ts'

test('the median is the middle, whatever the order', () => {
  expect(median([3, 1, 2])).toBe(2)
  expect(median([4, 1, 3, 2])).toBe(2)
  expect(median([])).toBeNaN()
})

test('a percentile is a value that occurred', () => {
  const values = Array.from({ length: 100 }, (_, at) => at + 1)
  expect(percentile(values, 0.99)).toBe(99)
  expect(percentile(values, 1)).toBe(100)
  expect(percentile(values, 0)).toBe(1)
})

test('the slope is that of the line through the points', () => {
  const points = [1, 2, 3, 4].map((x) => ({ x, y: 5 + 3 * x }))
  expect(slope(points)).toBeCloseTo(3)
  expect(slope([{ x: 1, y: 1 }])).toBeNaN()
})
