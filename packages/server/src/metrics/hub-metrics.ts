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
  gauge(registry, { name: 'throughline_connections', help: 'Open streams and waiting polls.' }, () =>
    connections.count(),
  )
  gauge(
    registry,
    { name: 'throughline_subscribers', help: 'Readers of streams.' },
    () => hub.stats().subscribers,
  )
  gauge(
    registry,
    { name: 'throughline_subscribers_blocked', help: 'Readers whose socket takes nothing now.' },
    () => hub.stats().blocked,
  )
  gauge(
    registry,
    { name: 'throughline_streams_followed', help: 'Streams that somebody reads.' },
    () => hub.stats().streams,
  )
  counters(
    registry,
    { name: 'throughline_closes_total', help: 'Streams ended, by cause.', label: 'reason' },
    () => hub.stats().closes,
  )
  counters(
    registry,
    { name: 'throughline_resumes_total', help: 'Streams begun, by how.', label: 'kind' },
    () => hub.stats().resumes,
  )
}
