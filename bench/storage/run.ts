/**
 * Storage candidates for the embedded driver, side by side in one run.
 *
 *   npm run bench -- storage [events] [folder for data]
 *
 * Method: 1,000 streams, events of 200 bytes payload, each candidate with its own group commit (what comes while a write
 * is under way goes into the next); medians of three runs, in which they take turns. (1) saturated: every stream appends in a closed loop; CPU of all threads per event,
 * and of the event loop's thread. (2) paced: 5,000 appends a second to random streams (seed 1), time to acknowledgement.
 * (3) 10,000 events of one stream read by pages of 1,000, best of five. Bare candidates store bytes and no more; the last
 * line is what is shipped, with validation, envelopes, checksums, hints. Compare within one run only: absolute
 * figures follow the machine and what else runs on it, which is why its load is printed.
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { cpus, loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { medians } from '../harness/part.ts'
import { beginPart, type Figures as Stored } from '../harness/results.ts'
import { median } from '../harness/statistics.ts'
import { writeSummary } from '../summary/write-summary.ts'
import { openEmbeddedLog } from './candidates/embedded.ts'
import { openJournal } from './candidates/journal.ts'
import { openLevelDb } from './candidates/leveldb.ts'
import { openIndexedSqlite, openSqlite } from './candidates/sqlite.ts'
import { measureSync, pace, range, saturate } from './measure.ts'
import type { OpenCandidate } from './workload.ts'

const [, , events = '200000', folder = tmpdir()] = process.argv
const PACED_MS = 4_000

const RUNS = 3
const CANDIDATES = [openIndexedSqlite, openSqlite, openJournal, openLevelDb, openEmbeddedLog]

interface Row {
  readonly name: string
  readonly durability: 'os' | 'fsync'
  readonly figures: Stored
}

async function measure(open: OpenCandidate, sync: boolean): Promise<Row> {
  const directory = await mkdtemp(join(folder, 'throughline-bench-'))
  const candidate = await open({ directory: join(directory, 'data'), sync })
  try {
    await saturate(candidate, 20_000)
    const figures = {
      ...(await saturate(candidate, Number(events))),
      ...(await pace(candidate, PACED_MS)),
      ...(await range(candidate)),
    }
    return { name: candidate.name, durability: sync ? 'fsync' : 'os', figures }
  } finally {
    await candidate.close()
    await rm(directory, { recursive: true })
  }
}

const store = beginPart('storage', RUNS)
const load = loadavg()[0] ?? 0
const syncs: number[] = []
const measured = new Map<string, Row[]>()
for (let run = 0; run < RUNS; run += 1) {
  syncs.push(await measureSync(folder))
  for (const sync of [false, true]) {
    for (const open of CANDIDATES) {
      const row = await measure(open, sync)
      const name = `${row.name}, ${row.durability}`
      measured.set(name, [...(measured.get(name) ?? []), row])
    }
  }
}

const syncMs = median(syncs)
console.log(
  `${String(cpus().length)} cores, load ${load.toFixed(1)}, one fdatasync ${syncMs.toFixed(2)} ms, Node ${process.version}\n`,
)
console.log(
  '| candidate | events/s | CPU µs/event | of it event loop | ack p50 ms | p99 ms | read µs/event |',
)
console.log('|---|---|---|---|---|---|---|')
const rows: Record<string, Stored> = {}
for (const [name, all] of measured) {
  const row = medians(all.map(({ figures }) => figures))
  rows[name] = all[0]?.durability === 'fsync' ? { ...row, syncMs } : row
  const { eventsPerSecond = 0, cpuPerEventUs, loopPerEventUs, ackP50Ms, ackP99Ms, readPerEventUs } = row
  const figures = [cpuPerEventUs, loopPerEventUs, ackP50Ms, ackP99Ms, readPerEventUs]
  const cells = [name, Math.round(eventsPerSecond), ...figures.map((value = 0) => value.toFixed(2))]
  console.log(`| ${cells.join(' | ')} |`)
}
store(rows)
await writeSummary()
