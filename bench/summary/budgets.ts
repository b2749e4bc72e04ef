import type { Results } from '../harness/results.ts'
import { measured, ratio } from './ratio.ts'

/** What was owed, and what was measured of it. */
export interface Budget {
  readonly what: string
  /** At most, or with `least` at least. */
  readonly limit: number
  readonly least?: true
  readonly unit: string
  readonly value: number | undefined
}

const OURS = 'throughline'
const NODE = 'Node, socket'
const NCHAN = 'Nchan (nginx)'
const EMBEDDED = 'embedded driver with event log, os'
const EMBEDDED_FSYNC = 'embedded driver with event log, fsync'

/** Every budget, in the order of the README. */
export function budgets(results: Results): readonly Budget[] {
  const of = (part: string, name: string, subject = OURS): number | undefined =>
    measured(results, part, subject, name)
  const against = (part: string, name: string, subject: string): number | undefined =>
    ratio(of(part, name), of(part, name, subject))
  return [
    {
      what: 'fan-out: CPU per delivery',
      limit: 0.5,
      unit: '× Nchan',
      value: against('server/fan-out', 'cpuUs', NCHAN),
    },
    {
      what: 'one POST per event: CPU',
      limit: 1.3,
      unit: '× Node, socket',
      value: against('server/posts', 'cpuUs', NODE),
    },
    {
      what: 'one POST per event: CPU',
      limit: 0.9,
      unit: '× better-sse',
      value: against('server/posts', 'cpuUs', 'better-sse 0.16.1'),
    },
    {
      what: 'POSTs of 10: CPU per event',
      limit: 0.6,
      unit: '× Nchan',
      value: against('server/batches', 'cpuUs', NCHAN),
    },
    {
      what: 'streamed as NDJSON: CPU per event',
      limit: 0.6,
      unit: '× Nchan',
      value: against('server/lines', 'cpuUs', NCHAN),
    },
    {
      what: 'replay: CPU per event',
      limit: 0.2,
      unit: '× Nchan',
      value: against('server/replay', 'cpuUs', NCHAN),
    },
    { what: 'latency at 5,000/s, p50', limit: 2, unit: ' ms', value: of('server/latency', 'p50Ms') },
    {
      what: 'latency at 5,000/s, p99',
      limit: 2,
      unit: '× Node, socket',
      value: against('server/latency', 'p99Ms', NODE),
    },
    {
      what: 'latency at 20,000/s in POSTs of 10, p50',
      limit: 10,
      unit: ' ms',
      value: of('server/latency-batches', 'p50Ms'),
    },
    {
      what: 'latency at 20,000/s in POSTs of 10, p99',
      limit: 60,
      unit: ' ms',
      value: of('server/latency-batches', 'p99Ms'),
    },
    {
      what: 'latency at 20,000/s as NDJSON, p50',
      limit: 10,
      unit: ' ms',
      value: of('server/latency-lines', 'p50Ms'),
    },
    {
      what: 'latency at 20,000/s as NDJSON, p99',
      limit: 60,
      unit: ' ms',
      value: of('server/latency-lines', 'p99Ms'),
    },
    { what: 'first event after quiet, p99', limit: 5, unit: ' ms', value: of('server/first-token', 'p99Ms') },
    {
      what: 'embedded append, end to end: CPU',
      limit: 10,
      unit: ' µs',
      value: of('storage', 'cpuPerEventUs', EMBEDDED),
    },
    {
      what: 'embedded append at 5,000/s: acknowledged, p50',
      limit: 1,
      unit: ' ms',
      value: of('storage', 'ackP50Ms', EMBEDDED),
    },
    {
      what: 'embedded append forced to the disk at 5,000/s: acknowledged, p50',
      limit: 3,
      unit: '× fdatasync',
      value: ratio(of('storage', 'ackP50Ms', EMBEDDED_FSYNC), of('storage', 'syncMs', EMBEDDED_FSYNC)),
    },
    {
      what: 'embedded range read',
      limit: 8,
      unit: ' µs an event',
      value: of('storage', 'readPerEventUs', EMBEDDED),
    },
    {
      what: 'idle connection: memory',
      limit: 1.1,
      unit: '× Node, socket',
      value: against('server/idle', 'kilobytes', NODE),
    },
    {
      what: 'joining 100,000 events after a restart',
      limit: 50,
      unit: ' ms',
      value: of('server/join-100000', 'firstMs'),
    },
    {
      what: '200,000 characters: longest task after the first',
      limit: 50,
      unit: ' ms',
      value: of('browser/long-answer', 'longestTaskMs'),
    },
    {
      what: '200,000 characters: frames a second',
      limit: 55,
      least: true,
      unit: '',
      value: of('browser/long-answer', 'framesPerSecond'),
    },
    {
      what: '200,000 characters: rows rendered by a flush',
      limit: 1,
      unit: '',
      value: of('browser/long-answer', 'rowsPerFlush'),
    },
    {
      what: 'Markdown of 32 KB in 400 flushes',
      limit: 0.6,
      unit: '× memoised blocks',
      value: ratio(
        of('browser/markdown', 'taskMs', 'settled prefix'),
        of('browser/markdown', 'taskMs', 'memoised blocks'),
      ),
    },
    { what: '`npm start` on a built tree answers', limit: 3, unit: ' s', value: of('start', 'seconds') },
    {
      what: 'JavaScript before a conversation is usable',
      limit: 200,
      unit: ' kB',
      value: of('page', 'kilobytes'),
    },
  ]
}

/** Whether it was kept; `undefined` when nothing was measured. */
export function isKept({ value, limit, least }: Budget): boolean | undefined {
  if (value === undefined) return undefined
  return least === true ? value >= limit : value <= limit
}
