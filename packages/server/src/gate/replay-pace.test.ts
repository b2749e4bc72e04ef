import { expect, test } from 'vitest'
import { createTestClock } from '../testing/clock.ts'
import { createReplayPace } from './replay-pace.ts'

test('two seconds of it go at once, what follows waits its turn, and a neighbour does not', async () => {
  const clock = createTestClock()
  const pace = createReplayPace({ bytesPerSecond: 1_000, now: clock.now })
  expect(pace.take('ada', 2_000)).toBe(0)
  expect(pace.take('ada', 500)).toBe(0)
  expect(pace.take('ada', 500)).toBe(500)
  expect(pace.take('ada', 500)).toBe(1_000)
  expect(pace.take('bob', 2_000)).toBe(0)
  await clock.pass(1_500)
  expect(pace.take('ada', 1)).toBe(0)
  await clock.pass(60_000)
  expect(pace.take('ada', 2_001)).toBe(0)
  expect(pace.take('ada', 1)).toBe(1)
})

test('remembers a bounded number of users, and is off at 0', () => {
  const pace = createReplayPace({ bytesPerSecond: 1, now: () => 0, size: 2 })
  for (const user of ['a', 'b', 'c']) pace.take(user, 100)
  expect(pace.take('c', 1)).toBeGreaterThan(0)
  expect(pace.take('a', 1)).toBe(0)
  const off = createReplayPace({ bytesPerSecond: 0 })
  for (let page = 0; page < 100; page++) expect(off.take('a', 1e9)).toBe(0)
})
