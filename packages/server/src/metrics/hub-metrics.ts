import type { Registry } from 'prom-client'
import type { Hub } from '../hub/hub.ts'
import { counters, gauge } from './readings.ts'

/** Whoever has numbers of its own. */
export interface Observed {
  readonly hub: Pick<Hub, 'stats'>
  readonly connections: { count(): number }
}

/** What the hub and the gate say of themselves, asked for at each reading. */
export function observeHub(registry: Registry, { hub, connections }: Observed): void {
  // One look for all of them at each reading: a registry asks in the order they were registered.
  let stats = hub.stats()
  gauge(registry, { name: 'throughline_subscribers', help: 'Readers of streams.' }, () => {
    stats = hub.stats()
    return stats.subscribers
  })
  const told = [
    ['throughline_subscribers_blocked', 'Readers whose socket takes nothing now.', () => stats.blocked],
    ['throughline_streams_followed', 'Streams that somebody reads.', () => stats.streams],
    [
      'throughline_subscriber_lag_events',
      'Events still to be written, over all readers.',
      () => stats.lag.total,
    ],
    [
      'throughline_subscriber_lag_events_max',
      'Events still to be written to the reader that is furthest behind.',
      () => stats.lag.most,
    ],
    ['throughline_connections', 'Open streams and waiting polls.', () => connections.count()],
  ] as const
  for (const [name, help, read] of told) gauge(registry, { name, help }, read)
  counters(
    registry,
    { name: 'throughline_closes_total', help: 'Streams ended, by cause.', label: 'reason' },
    () => stats.closes,
  )
  counters(
    registry,
    { name: 'throughline_resumes_total', help: 'Streams begun, by how.', label: 'kind' },
    () => stats.resumes,
  )
}
