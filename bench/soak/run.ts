/**
 * Churn for as long as asked: readers come, resume somewhere in the last events, get exactly what follows, and leave,
 * while every stream is written to. Printed and stored: the slope of the server's memory, what it holds when all have
 * left, and what it does then.
 *
 *   npm run bench -- soak [--minutes 20]
 */
import { parseArgs } from 'node:util'
import { anonymousBytes, cpuMs, descriptors, residentBytes } from '../harness/process-accounting.ts'
import { measurePart } from '../harness/part.ts'
import { seeded } from '../harness/random.ts'
import type { Figures } from '../harness/results.ts'
import { slope } from '../harness/statistics.ts'
import { throughline } from '../server/subjects/throughline.ts'
import { startChurn } from './churn.ts'

const SAMPLE_MS = 2_000
const QUIET_MS = 5_000

const { values } = parseArgs({ options: { minutes: { type: 'string', default: '20' } } })
const minutes = Number(values.minutes)
if (!(minutes > 0)) throw new Error('npm run bench -- soak [--minutes 20]')

async function soak(): Promise<Figures> {
  const { address, pids, stop } = await throughline.start()
  try {
    const base = descriptors(pids)
    const churn = await startChurn(address, seeded(20_261_123))
    const resident: Sample[] = []
    const anonymous: Sample[] = []
    const endsAt = performance.now() + minutes * 60_000
    while (performance.now() < endsAt) {
      await wait(SAMPLE_MS)
      churn.check()
      const x = performance.now() / 3_600_000
      resident.push({ x, y: residentBytes(pids) / 1_048_576 })
      anonymous.push({ x, y: anonymousBytes(pids) / 1_048_576 })
    }
    const { visits, events } = await churn.stop()
    await wait(QUIET_MS)
    const before = cpuMs(pids)
    await wait(QUIET_MS)
    return {
      minutes,
      visits,
      events,
      megabytesPerHour: slope(laterHalf(anonymous)),
      megabytes: anonymous.at(-1)?.y ?? Number.NaN,
      residentPerHour: slope(laterHalf(resident)),
      descriptors: descriptors(pids) - base,
      quietCpu: (cpuMs(pids) - before) / QUIET_MS,
    }
  } finally {
    await stop()
  }
}

interface Sample {
  readonly x: number
  readonly y: number
}

/** The first half loads code and fills what is bounded. */
function laterHalf(samples: readonly Sample[]): readonly Sample[] {
  return samples.slice(Math.floor(samples.length / 2))
}

function wait(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}

await measurePart({
  name: `soak/${minutes}-minutes`,
  title: `churn for ${minutes} minutes`,
  columns: {
    visits: 'readers who came and left',
    events: 'events they checked',
    megabytesPerHour: 'own memory, MB/h over the second half',
    megabytes: 'own memory at the end, MB',
    residentPerHour: 'with the log’s mapped files, MB/h',
    descriptors: 'descriptors left over',
    quietCpu: 'busy once all have left',
  },
  runs: 1,
  subjects: { throughline: soak },
})
