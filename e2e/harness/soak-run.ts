import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { randomFault, startChaosProxy, type ChaosProxy } from './chaos-proxy.ts'
import { startFaultHub, type FaultHub } from './fault-hub.ts'
import { startLoad } from './load.ts'
import { readLog } from './session-log.ts'
import type { Random } from './random.ts'
import { openSilentReader } from './raw-reader.ts'
import { ask, endsOf } from './run-owner.ts'

export interface SoakOptions {
  readonly random: Random
  /** No round begins after this time, ms since 1970. */
  readonly endsAt: number
  readonly print: (line: string) => void
}

export interface SoakSum {
  readonly rounds: number
  readonly events: number
  readonly faults: Readonly<Record<string, number>>
}

interface Round {
  readonly world: FaultHub
  readonly line: ChaosProxy
  readonly random: Random
  /** A session that workers answer in. */
  readonly asked: string
  readonly runs: string[]
  readonly workers: ChildProcess[]
}

const LEASE_MS = 1_500
const FAULTS_A_ROUND = 12
const MAX_PAUSE_MS = 1_200
const WORKER = join(import.meta.dirname, 'outside-worker.mjs')

/** What can go wrong; each leaves the world such that everybody recovers by themselves. */
const FAULTS: Readonly<Record<string, (round: Round) => Promise<void>>> = {
  async 'kills of the hub'({ world }) {
    await world.hub.kill()
    await world.hub.restart()
  },
  async 'stops of the hub'({ world }) {
    const code = await world.hub.stop()
    if (code !== 0) throw new Error(`the hub ended with ${String(code)} when asked to stop`)
    await world.hub.restart()
  },
  async 'cut lines'({ line, random }) {
    line.cutAll(random.pick(['end', 'reset']))
  },
  async 'bad spells'({ line, random }) {
    line.always(() => randomFault(random, 20_000))
    line.cutAll()
    await wait(random.between(200, 2_000))
    line.always({ kind: 'none' })
    line.cutAll()
  },
  async 'frozen hubs'({ world, random }) {
    process.kill(world.hub.pid(), 'SIGSTOP')
    await wait(random.between(100, 2_500))
    process.kill(world.hub.pid(), 'SIGCONT')
  },
  async 'crowds that leave'({ world, asked, random }) {
    const crowd = await Promise.all(
      Array.from({ length: random.between(20, 200) }, () => openSilentReader(world.backend, asked)),
    )
    for (const reader of crowd) reader.resetAndDestroy()
  },
  async 'killed workers'(round) {
    await workerThat(round, 'SIGKILL')
  },
  async 'frozen workers'(round) {
    const worker = await workerThat(round, 'SIGSTOP')
    await wait(LEASE_MS)
    worker.kill('SIGCONT')
  },
}

/** Asks, and has a process answer that gets `signal` while it writes. */
async function workerThat(
  { world, asked, random, runs, workers }: Round,
  signal: 'SIGKILL' | 'SIGSTOP',
): Promise<ChildProcess> {
  runs.push((await ask(world.backend, asked, `q${runs.length}`)).runId)
  const worker = spawn(process.execPath, [WORKER, world.hub.url, world.backend.token], { stdio: 'ignore' })
  workers.push(worker)
  await wait(random.between(50, 800))
  worker.kill(signal)
  return worker
}

/** Rounds of faults until the time is over. @throws at the first thing that is not exact */
export async function runSoak({ random, endsAt, print }: SoakOptions): Promise<SoakSum> {
  const faults: Record<string, number> = {}
  let rounds = 0
  let events = 0
  const world = await startFaultHub({ RUN_LEASE_MS: String(LEASE_MS) })
  try {
    while (Date.now() < endsAt) {
      const line = await startChaosProxy(world.hub.port)
      const round: Round = { world, line, random, asked: await world.session(), runs: [], workers: [] }
      try {
        events += await oneRound(round, endsAt, faults)
      } finally {
        for (const worker of round.workers) worker.kill('SIGKILL')
        await line.close()
      }
      rounds += 1
      print(`round ${rounds}: ${events} events so far, all exact`)
    }
  } finally {
    await world.hub.dispose()
  }
  return { rounds, events, faults }
}

async function oneRound(round: Round, endsAt: number, faults: Record<string, number>): Promise<number> {
  const { world, line, random } = round
  const load = await startLoad(world, {
    random,
    sessions: 3,
    producers: 2,
    readers: 4,
    url: line.url,
    producerUrl: line.url,
    silenceMs: 2_000,
  })
  const names = Object.keys(FAULTS)
  for (let count = 0; count < FAULTS_A_ROUND && Date.now() < endsAt; count += 1) {
    const name = names[random.between(0, names.length - 1)] ?? ''
    await FAULTS[name]?.(round)
    faults[name] = (faults[name] ?? 0) + 1
    await Promise.all([wait(random.between(0, MAX_PAUSE_MS)), load.acknowledges(1)])
  }
  await load.stop()
  await load.expectExact()
  await expectEnds(round)
  return load.readers.reduce((sum, { events }) => sum + events.length, 0)
}

/** Every run that a worker took ends exactly once, and in time. */
async function expectEnds({ world, asked, runs, workers }: Round): Promise<void> {
  for (const worker of workers) {
    if (worker.exitCode === null && worker.signalCode === null) {
      worker.kill('SIGKILL')
      await once(worker, 'exit')
    }
  }
  const deadline = Date.now() + LEASE_MS + 5_000
  for (;;) {
    const log = await readLog(world.backend, asked)
    const started = runs.filter((runId) =>
      log.some((event) => event.type === 'run_started' && event.runId === runId),
    )
    const ends = started.map((runId) => endsOf(log, runId).length)
    if (ends.some((count) => count > 1)) throw new Error(`a run of ${asked} ended more than once`)
    if (ends.every((count) => count === 1)) break
    if (Date.now() > deadline) throw new Error(`a run of ${asked} whose worker is gone has no end`)
    await wait(100)
  }
  // What nobody took must not be claimed by the next round's workers.
  for (const runId of runs) {
    await world.backend.request('POST', `/api/sessions/${asked}/runs/${runId}/cancel`, {})
  }
}
