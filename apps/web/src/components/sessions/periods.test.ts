import type { SessionSummary } from '@throughline/protocol'
import { expect, test } from 'vitest'
import { byPeriod } from './periods.ts'

const now = new Date(2026, 10, 23, 0, 30).getTime()
const minutes = 60_000
const used = (minutesAgo: number): SessionSummary => ({
  id: String(minutesAgo),
  title: '',
  archived: false,
  active: false,
  createdAt: 0,
  updatedAt: now - minutesAgo * minutes,
})

test('sessions are grouped by the days of the reader, not by hours', () => {
  const groups = byPeriod([used(10), used(60), used(3 * 1440), used(30 * 1440)], now)
  expect(groups.map(({ period, sessions }) => [period, ...sessions.map(({ id }) => id)])).toEqual([
    ['today', '10'],
    ['yesterday', '60'],
    ['week', '4320'],
    ['older', '43200'],
  ])
})

test('a stretch without sessions is left out', () => {
  expect(byPeriod([], now)).toEqual([])
})
