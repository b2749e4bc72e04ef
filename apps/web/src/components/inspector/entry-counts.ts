import type { InspectionEntry } from '@throughline/client/inspect'

/** What a stretch of a line adds up to. */
export interface EntryCounts {
  readonly events: number
  /** Median time from the server's clock to ours of what came live, ms; `null` before there was any. */
  readonly lagMs: number | null
  readonly lost: number
  readonly repeated: number
  readonly resets: number
  /** How often the connection was lost. */
  readonly reconnects: number
  readonly leaders: number
}

/** Counts what an inspector is opened for. */
export function countEntries(entries: readonly InspectionEntry[]): EntryCounts {
  const events = entries.filter((entry) => entry.kind === 'event')
  const connections = entries.filter((entry) => entry.kind === 'connection')
  const lags = events.filter(({ isLive, receipt }) => isLive && receipt === 'new').map(({ lagMs }) => lagMs)
  return {
    events: events.length,
    lagMs: median(lags),
    lost: events.filter(({ receipt }) => receipt === 'lost').length,
    repeated: events.filter(({ receipt }) => receipt === 'repeated').length,
    resets: events.filter(({ envelope }) => envelope.type === 'reset').length,
    reconnects: connections.filter(({ changed, attempt }) => changed.includes('attempt') && attempt > 0)
      .length,
    // The first entry says how it stood, not that it changed.
    leaders: connections.slice(1).filter(({ changed }) => changed.includes('role')).length,
  }
}

function median(values: readonly number[]): number | null {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.floor(sorted.length / 2)] ?? null
}
