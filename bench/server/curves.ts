import { measureOn, type Case } from './case.ts'
import { joinCase } from './join-case.ts'
import { nodeSocket } from './subjects/peers.ts'
import { throughline } from './subjects/throughline.ts'

const SIZES = [10, 100, 1_000, 10_000] as const

/** How costs grow: each point is a case of its own, named by its size. */
export const curves: readonly Case[] = [
  ...SIZES.map((connections): Case => ({
    name: `connections-${connections}`,
    title: `fan-out of 1 stream to ${connections.toLocaleString('en')} readers`,
    columns: { cpuUs: 'server CPU µs per delivery', perSecond: 'deliveries/s' },
    subjects: [throughline, nodeSocket],
    async measure(subject, { measureMs }) {
      const task = { streams: 1, readers: connections, sources: 16, batch: 1 } as const
      const outcome = await measureOn(subject, 'saturate', { ...task, measureMs, warmUpMs: measureMs })
      const { serverCpuMs, deliveries, seconds } = outcome
      return { cpuUs: (serverCpuMs * 1_000) / deliveries, perSecond: deliveries / seconds }
    },
  })),
  ...SIZES.map((sessions): Case => ({
    name: `sessions-${sessions}`,
    title: `${sessions.toLocaleString('en')} streams of one reader, POSTs of 10 events`,
    columns: { cpuUs: 'server CPU µs per event', perSecond: 'events/s' },
    subjects: [throughline],
    async measure(subject, { measureMs }) {
      const task = { streams: sessions, readers: 1, sources: 1, batch: 10 } as const
      const outcome = await measureOn(subject, 'saturate', { ...task, measureMs, warmUpMs: measureMs })
      const { serverCpuMs, deliveries, seconds } = outcome
      return { cpuUs: (serverCpuMs * 1_000) / deliveries, perSecond: deliveries / seconds }
    },
  })),
  ...([1_000, 3_000, 10_000] as const).map((connections): Case => ({
    name: `idle-${connections}`,
    title: `${connections.toLocaleString('en')} idle readers`,
    columns: { kilobytes: 'resident kB per connection' },
    subjects: [throughline, nodeSocket],
    async measure(subject) {
      const outcome = await measureOn(subject, 'idle', { connections, settleMs: 2_000 })
      return { kilobytes: outcome.bytesPerConnection / 1_024 }
    },
  })),
  joinCase(100),
  joinCase(10_000),
  joinCase(1_000_000),
]
