import type { Figures } from '../harness/results.ts'
import { measureOn, NotCounted, type Case, type CaseOptions } from './case.ts'
import { curves } from './curves.ts'
import type { Paced } from './generator/pace.ts'
import { WARM_UP_DELIVERIES, WARM_UP_PATIENCE, type Saturated } from './generator/saturate.ts'
import { joinCase } from './join-case.ts'
import type { Subject } from './subject.ts'
import { nchan } from './subjects/nchan.ts'
import { nextProxy } from './subjects/next-proxy.ts'
import { betterSse, nodePeers, nodeSocket } from './subjects/peers.ts'
import { throughline } from './subjects/throughline.ts'

const all: readonly Subject[] = [throughline, ...nodePeers, nextProxy, nchan]

const SATURATED = {
  cpuUs: 'server CPU µs per delivery',
  perSecond: 'deliveries/s',
  serverBusy: 'server busy',
  generatorBusy: 'generator busy',
} as const
const PACED = {
  p50Ms: 'p50 ms',
  p99Ms: 'p99 ms',
  cpuUs: 'server CPU µs per delivery',
  lagP99Ms: 'generator lag p99 ms',
  lost: 'not delivered',
} as const

/**
 * A log puts its files in order every few seconds: what that costs is in its figure as often as it comes. And what
 * other machines take of this one's memory changes from second to second.
 */
const WHOLE_LOG_MS = 8_000

/** Everything that is measured of servers, in the order of the table. */
export const cases: readonly Case[] = [
  saturated({
    name: 'fan-out',
    title: '1 stream, 1,000 readers, 16 publishers, one POST per event, as fast as it goes',
    subjects: all,
    task: { streams: 1, readers: 1_000, sources: 16, batch: 1 },
  }),
  saturated({
    name: 'posts',
    title: '1,000 streams of one reader, one POST per event, as fast as it goes',
    subjects: all,
    task: { streams: 1_000, readers: 1, sources: 1, batch: 1 },
    minMs: WHOLE_LOG_MS,
  }),
  saturated({
    name: 'batches',
    title: '1,000 streams of one reader, POSTs of 10 events (of one, where a server takes no more)',
    subjects: [...all.filter(({ can }) => can.batches), nchan],
    task: { streams: 1_000, readers: 1, sources: 1, batch: 10 },
    minMs: WHOLE_LOG_MS,
  }),
  saturated({
    name: 'lines',
    title:
      '1,000 streams of one reader, events streamed as NDJSON (POSTs of one, where a server takes no lines)',
    subjects: [...all.filter(({ can }) => can.lines), nchan],
    task: { streams: 1_000, readers: 1, sources: 1, batch: 'lines' },
    minMs: WHOLE_LOG_MS,
  }),
  paced({
    name: 'latency',
    title: '5,000 events/s over 500 streams, one POST each',
    subjects: [throughline, nodeSocket, betterSse, nchan],
    task: { rate: 5_000, batch: 1 },
  }),
  paced({
    name: 'latency-batches',
    title: '20,000 events/s over 500 streams, POSTs of 10',
    subjects: [throughline],
    task: { rate: 20_000, batch: 10 },
  }),
  paced({
    name: 'latency-lines',
    title: '20,000 events/s over 500 streams, streamed as NDJSON',
    subjects: [throughline],
    task: { rate: 20_000, batch: 'lines' },
  }),
  paced({
    name: 'first-token',
    title: 'the first event after quiet: 50 events/s over 500 streams',
    subjects: [throughline, nodeSocket],
    task: { rate: 50, batch: 1 },
    minMs: 10_000,
  }),
  {
    name: 'idle',
    title: '1,000 readers of as many streams to whom nothing is sent',
    columns: { kilobytes: 'resident kB per connection' },
    subjects: all,
    async measure(subject) {
      const { bytesPerConnection } = await measureOn(subject, 'idle', {
        connections: 1_000,
        settleMs: 2_000,
      })
      return { kilobytes: bytesPerConnection / 1_024 }
    },
  },
  {
    name: 'replay',
    title: '50 readers read a stream of 10,000 events from its beginning',
    columns: { cpuUs: 'server CPU µs per event', perSecond: 'events/s', generatorBusy: 'generator busy' },
    subjects: all.filter(({ can }) => can.history),
    async measure(subject) {
      const batch = subject.can.batches === true ? 100 : 1
      const task = { events: 10_000, readers: 50, batch } as const
      const { serverCpuMs, deliveries, seconds, generatorCpuMs } = await measureOn(subject, 'replay', task)
      return {
        cpuUs: (serverCpuMs * 1_000) / deliveries,
        perSecond: deliveries / seconds,
        generatorBusy: generatorCpuMs / seconds / 1_000,
      }
    },
  },
  joinCase(100_000),
  {
    name: 'churn',
    title: '10,000 readers come and go, three times over',
    columns: {
      cpuUs: 'server CPU µs per reader',
      megabytes: 'resident MB after',
      grownKilobytes: 'kB grown by the last 10,000',
      descriptors: 'descriptors left over',
    },
    subjects: [throughline, nodeSocket, betterSse, nchan],
    async measure(subject) {
      const task = { readers: 10_000, rounds: 3, settleMs: 1_000 } as const
      const { serverCpuMs, readers, residentBytes, descriptors } = await measureOn(subject, 'churn', task)
      const [last = 0, before = 0] = [residentBytes.at(-1), residentBytes.at(-2)]
      return {
        cpuUs: (serverCpuMs * 1_000) / readers,
        megabytes: last / 1_048_576,
        grownKilobytes: (last - before) / 1_024,
        descriptors: Math.max(0, descriptors[1] - descriptors[0]),
      }
    },
  },
  ...curves,
]

interface SaturatedCase {
  readonly name: string
  readonly title: string
  readonly subjects: readonly Subject[]
  readonly task: Readonly<Record<'streams' | 'readers' | 'sources', number>> & {
    readonly batch: number | 'lines'
  }
  readonly minMs?: number
}

function saturated({ task, minMs = 0, ...rest }: SaturatedCase): Case {
  return {
    ...rest,
    columns: SATURATED,
    measure: async (subject, options) => {
      const { can } = subject
      const takes = task.batch === 'lines' ? can.lines === true : task.batch === 1 || can.batches === true
      const batch = takes ? task.batch : 1
      const measureMs = Math.max(options.measureMs, minMs)
      const window = { measureMs, warmUpMs: options.measureMs }
      return saturatedFigures(await measureOn(subject, 'saturate', { ...task, batch, ...window }))
    },
  }
}

function saturatedFigures({ serverCpuMs, generatorCpuMs, deliveries, seconds }: Saturated): Figures {
  return {
    cpuUs: (serverCpuMs * 1_000) / deliveries,
    perSecond: deliveries / seconds,
    serverBusy: serverCpuMs / seconds / 1_000,
    generatorBusy: generatorCpuMs / seconds / 1_000,
  }
}

interface PacedCase {
  readonly name: string
  readonly title: string
  readonly subjects: readonly Subject[]
  readonly task: { readonly rate: number; readonly batch: number | 'lines' }
  /** A slow rate needs longer: the slowest hundredth of a hundred events is one of them. */
  readonly minMs?: number
}

function paced({ task, minMs = 0, ...rest }: PacedCase): Case {
  return {
    ...rest,
    columns: PACED,
    measure: async (subject: Subject, options: CaseOptions) => {
      const measureMs = Math.max(options.measureMs, minMs)
      // As many events as where it is saturated: a server is no colder for coming at a slow rate.
      const warmUpMs = Math.min(
        Math.max(measureMs, (WARM_UP_DELIVERIES * 1_000) / task.rate),
        options.measureMs * WARM_UP_PATIENCE,
      )
      const figures = await measureOn(subject, 'pace', {
        streams: 500,
        ...task,
        measureMs,
        warmUpMs,
      })
      return pacedFigures(figures)
    },
  }
}

/** A run whose generator kept no better to its timetable says nothing of the server. */
const MAX_LAG_MS = 10

function pacedFigures({ p50Ms, p99Ms, lagP99Ms, serverCpuMs, sent, delivered }: Paced): Figures {
  if (lagP99Ms > MAX_LAG_MS) {
    throw new NotCounted(`the generator was ${Math.round(lagP99Ms)} ms late (p99): the run does not count`)
  }
  return { p50Ms, p99Ms, cpuUs: (serverCpuMs * 1_000) / sent, lagP99Ms, lost: sent - delivered }
}
