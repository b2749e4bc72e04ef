import { monitorEventLoopDelay } from 'node:perf_hooks'
import { memoryUsage } from 'node:process'
import type { Metrics } from '../metrics/metrics.ts'
import { gauge } from '../metrics/readings.ts'

const RESOLUTION_MS = 10
const NANOSECONDS = 1e9

const NAMES = {
  p50: 'throughline_event_loop_delay_p50_seconds',
  p99: 'throughline_event_loop_delay_p99_seconds',
  max: 'throughline_event_loop_delay_max_seconds',
  memory: 'throughline_process_resident_bytes',
} as const

/** Adds what the process says of itself; the answer takes it away again. Delays are those since the last reading. */
export function observeProcess({ registry }: Pick<Metrics, 'registry'>): () => void {
  const delay = monitorEventLoopDelay({ resolution: RESOLUTION_MS })
  delay.enable()
  // The timer that measures is late by its own resolution.
  const seconds = (nanoseconds: number): number =>
    Number.isFinite(nanoseconds) ? Math.max(0, nanoseconds / NANOSECONDS - RESOLUTION_MS / 1_000) : 0
  gauge(registry, { name: NAMES.p50, help: 'Half of all turns of the event loop were this late.' }, () =>
    seconds(delay.percentile(50)),
  )
  gauge(registry, { name: NAMES.p99, help: 'One in a hundred turns of the event loop was this late.' }, () =>
    seconds(delay.percentile(99)),
  )
  // The last one that is read, for registries keep the order.
  gauge(registry, { name: NAMES.max, help: 'The latest turn of the event loop.' }, () => {
    const max = delay.count === 0 ? 0 : seconds(delay.max)
    delay.reset()
    return max
  })
  gauge(registry, { name: NAMES.memory, help: 'Memory of the process, in bytes.' }, () => memoryUsage.rss())
  return () => {
    delay.disable()
    for (const name of Object.values(NAMES)) registry.removeSingleMetric(name)
  }
}
