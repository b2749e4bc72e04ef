import { Counter, Histogram, Registry } from 'prom-client'
import type { RunEndStatus } from '@throughline/protocol'
import { observeHub, type Observed } from './hub-metrics.ts'

/** What one service counts. Labels are words of the protocol: no user, session, address or token is ever one. */
export interface Metrics {
  /** Where an app adds numbers of its own. */
  readonly registry: Registry
  /** Events that one append acknowledged, and how long that took. */
  appended(events: number, tookMs: number): void
  appendFailed(): void
  runEnded(status: RunEndStatus): void
  /** A run was ended because its worker had not renewed the lease in time. */
  leaseExpired(): void
  answered(status: number): void
  /** Events went out to the readers of a stream, so long after this process had learned of them. */
  flushed(tookMs: number): void
  /** Adds what the hub and the gate say of themselves, asked for at each reading. Called once. */
  observe(observed: Observed): void
}

/** Seconds; an append is committed in well under a millisecond, and goes out within the coalescing window, or something is slow. */
const LATENCY_BUCKETS = [0.000_25, 0.000_5, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 1, 5]

/** Numbers of one service, in a registry of its own: for `createHubService` and `createHubServer`. */
export function createMetrics(): Metrics {
  const registry = new Registry()
  const registers = [registry]
  const events = new Counter({
    name: 'throughline_appended_events_total',
    help: 'Events that were stored and acknowledged.',
    registers,
  })
  const latency = new Histogram({
    name: 'throughline_append_seconds',
    help: 'From an append to its acknowledgement.',
    buckets: LATENCY_BUCKETS,
    registers,
  })
  const flushes = new Histogram({
    name: 'throughline_commit_to_socket_seconds',
    help: 'From a committed append to the last reader, with what is held back to go out together; one sample a flush.',
    buckets: LATENCY_BUCKETS,
    registers,
  })
  const failures = new Counter({
    name: 'throughline_append_failures_total',
    help: 'Appends that were refused or failed.',
    registers,
  })
  const runs = new Counter({
    name: 'throughline_runs_ended_total',
    help: 'Runs that ended, by how.',
    labelNames: ['status'],
    registers,
  })
  const expiries = new Counter({
    name: 'throughline_lease_expiries_total',
    help: 'Runs whose worker did not renew its lease in time.',
    registers,
  })
  const answers = new Counter({
    name: 'throughline_http_answers_total',
    help: 'Requests answered, by class of status.',
    labelNames: ['status'],
    registers,
  })
  for (const status of RUN_ENDS) runs.inc({ status }, 0)
  const classes = ['1xx', '2xx', '3xx', '4xx', '5xx'].map((status) => answers.labels({ status }))
  for (const each of classes) each.inc(0)

  return {
    registry,
    appended(count, tookMs) {
      events.inc(count)
      latency.observe(tookMs / 1_000)
    },
    appendFailed: () => failures.inc(),
    runEnded: (status) => runs.inc({ status }),
    leaseExpired: () => expiries.inc(),
    flushed: (tookMs) => {
      flushes.observe(tookMs / 1_000)
    },
    answered: (status) => classes[Math.floor(status / 100) - 1]?.inc(),
    observe: (observed) => observeHub(registry, observed),
  }
}

const RUN_ENDS: readonly RunEndStatus[] = ['completed', 'failed', 'cancelled', 'interrupted']
