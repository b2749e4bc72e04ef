import type { SessionSummary } from '@throughline/protocol'

export type Period = 'today' | 'yesterday' | 'week' | 'older'

/** Sessions that were last used in the same stretch of time. */
export interface SessionPeriod {
  readonly period: Period
  readonly sessions: readonly SessionSummary[]
}

const DAY_MS = 86_400_000

/** Newest first, by how long ago they were last used in the reader's own time zone. */
export function byPeriod(sessions: readonly SessionSummary[], now: number): readonly SessionPeriod[] {
  const today = new Date(now).setHours(0, 0, 0, 0)
  const groups = Map.groupBy(sessions, ({ updatedAt }) => periodOf(updatedAt, today))
  return (['today', 'yesterday', 'week', 'older'] as const).flatMap((period) => {
    const group = groups.get(period)
    return group === undefined ? [] : [{ period, sessions: group }]
  })
}

function periodOf(at: number, today: number): Period {
  if (at >= today) return 'today'
  if (at >= today - DAY_MS) return 'yesterday'
  return at >= today - 7 * DAY_MS ? 'week' : 'older'
}
