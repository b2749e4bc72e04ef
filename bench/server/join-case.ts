import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Figures } from '../harness/results.ts'
import { runOn, type Case } from './case.ts'
import { throughline } from './subjects/throughline.ts'

const JOINS = 20

/** Joining a session of this length: by the first reader after a restart, and by those after. */
export function joinCase(events: number): Case {
  return {
    name: `join-${events}`,
    title: `joining a session of ${events.toLocaleString('en')} events without a cursor`,
    columns: {
      firstMs: 'first join after a restart, ms',
      laterMs: 'later joins, ms',
      cpuMs: 'server CPU ms per later join',
    },
    subjects: [throughline],
    measure: () => measureJoin(events),
  }
}

async function measureJoin(events: number): Promise<Figures> {
  const dataDir = await mkdtemp(join(tmpdir(), 'throughline-bench-'))
  try {
    const filling = await throughline.startOn(dataDir)
    try {
      await runOn(filling, 'fill', { events })
    } finally {
      await filling.stop({ keepData: true })
    }
    const joined = await throughline.startOn(dataDir)
    try {
      const { firstMs, laterMs, cpuMsPerJoin } = await runOn(joined, 'join', { joins: JOINS })
      return { firstMs, laterMs, cpuMs: cpuMsPerJoin }
    } finally {
      await joined.stop({ keepData: true })
    }
  } finally {
    await rm(dataDir, { recursive: true, force: true })
  }
}
