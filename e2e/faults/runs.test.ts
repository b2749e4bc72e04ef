import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { startModelServer } from '@throughline/agents/testing'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { serverState } from '../harness/api.ts'
import { startApp } from '../harness/app.ts'
import { startChaosProxy } from '../harness/chaos-proxy.ts'
import { startFaultHub, type FaultHub } from '../harness/fault-hub.ts'
import { follow } from '../harness/follower.ts'
import { expectExact } from '../harness/oracle.ts'
import { readLog } from '../harness/session-log.ts'
import { ask, beginAnswer, claim, claimOne, completed, endsOf, ownerOf, words } from '../harness/run-owner.ts'
import { testRandom } from '../harness/seed.ts'
import { publisherToken } from '../harness/token.ts'

/** Longer than a busy machine keeps an owner from its run. */
const LEASE_MS = 3_000
const ENDS = { timeout: 60_000, interval: 50 }
const ROUNDS = 40

/** `world` has leases that are over soon; those of `patient` outlast the test. */
let world: FaultHub
let patient: FaultHub

beforeAll(async () => {
  ;[world, patient] = await Promise.all([
    startFaultHub({ RUN_LEASE_MS: String(LEASE_MS) }),
    startFaultHub({ RUN_LEASE_MS: '300000' }),
  ])
})

afterAll(async () => {
  await world?.hub.dispose()
  await patient?.hub.dispose()
})

interface OutsideWorker {
  readonly child: ChildProcess
  /** Resolves once it streams. */
  readonly streaming: Promise<unknown>
  readonly ended: Promise<{ code: number | null; errors: string }>
}

/** A process that claims a run, writes words until it cannot, and ends with an error then. */
function startWorker(): OutsideWorker {
  const script = join(import.meta.dirname, '..', 'harness', 'outside-worker.mjs')
  const child = spawn(process.execPath, [script, world.hub.url, world.backend.token], {
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let errors = ''
  child.stderr.on('data', (bytes: Buffer) => {
    errors += bytes.toString()
  })
  const ended = new Promise<{ code: number | null; errors: string }>((resolve) => {
    child.on('close', (code) => resolve({ code, errors }))
  })
  return { child, streaming: once(child.stdout, 'data'), ended }
}

const ends = async (sessionId: string, runId: string, { backend } = world): Promise<string[]> =>
  endsOf(await readLog(backend, sessionId), runId)

test('L1 a worker killed in mid-message: one terminal event in time, the partial text stays for everybody, and can be continued', async () => {
  const sessionId = await world.session()
  const readers = await Promise.all([1, 2].map(() => follow(world.backend, sessionId)))
  const { runId } = await ask(world.backend, sessionId)
  const worker = startWorker()
  await worker.streaming
  worker.child.kill('SIGKILL')
  await expect.poll(() => ends(sessionId, runId), ENDS).toEqual(['interrupted'])
  for (const reader of readers) {
    await expectExact(world.backend, reader)
    const answer = reader.state.messages.at(-1)
    expect(answer).toMatchObject({ role: 'assistant', status: 'interrupted' })
    expect(answer?.content).toMatch(/^word 1 .*word 10 /)
  }
  await world.backend.json('POST', `/api/sessions/${sessionId}/runs/${runId}/continue`, {})
  const next = await claimOne(world.backend)
  expect(next.input).toMatchObject({ kind: 'continue', continueFrom: `a_${runId}` })
  await ownerOf(world.backend, next).publish(completed(next))
})

test('C7 an owner stopped for longer than its lease and set going again is fenced: nothing of it after the one end', async () => {
  const sessionId = await world.session()
  const reader = await follow(world.backend, sessionId)
  const { runId } = await ask(world.backend, sessionId)
  const worker = startWorker()
  await worker.streaming
  worker.child.kill('SIGSTOP')
  await expect.poll(() => ends(sessionId, runId), ENDS).toEqual(['interrupted'])
  worker.child.kill('SIGCONT')
  const { code, errors } = await worker.ended
  expect(code).toBe(1)
  expect(errors).toMatch(/events: 409 .*conflict/)
  const log = await readLog(world.backend, sessionId)
  expect(endsOf(log, runId)).toEqual(['interrupted'])
  expect(log.at(-1)?.type).toBe('run_completed')
  await expectExact(world.backend, reader)
})

test('C7 the product’s own worker, stopped for longer than its lease: fenced, and it serves the next question', async () => {
  const model = await startModelServer({ tokensPerSecond: 30, tokens: 400 })
  const worker = await startApp(
    {
      HUB_URL: world.hub.url,
      WORKER_TOKEN: await publisherToken(world.hub.dataDir),
      OPENAI_BASE_URL: model.url,
      MODEL: 'test',
      LOG_LEVEL: 'silent',
    },
    'worker',
  )
  try {
    const sessionId = await world.session()
    const reader = await follow(world.backend, sessionId)
    const first = await ask(world.backend, sessionId)
    const text = () => reader.state.messages.find(({ runId }) => runId === first.runId)?.content ?? ''
    await reader.until(() => text().length > 40)
    process.kill(worker.pid(), 'SIGSTOP')
    await expect.poll(() => ends(sessionId, first.runId), ENDS).toEqual(['interrupted'])
    const kept = (await serverState(world.backend, sessionId)).messages.at(-1)?.content
    model.set({ tokensPerSecond: 2_000, tokens: 30 })
    process.kill(worker.pid(), 'SIGCONT')
    const second = await ask(world.backend, sessionId, 'm2')
    await expect.poll(() => ends(sessionId, second.runId)).toEqual(['completed'])
    expect(await ends(sessionId, first.runId)).toEqual(['interrupted'])
    await expectExact(world.backend, reader)
    expect(text()).toBe(kept)
  } finally {
    await worker.dispose()
    await model.close()
  }
})

test('L2 eight claimers race for fifty runs: each run has one owner, and a leased one cannot be claimed, not even by its owner’s name', async () => {
  const asked = new Set<string>()
  for (let count = 0; count < 50; count += 1) {
    const sessionId = await patient.session()
    asked.add((await ask(patient.backend, sessionId)).runId + sessionId)
  }
  const taken: string[] = []
  const lane = async (_: unknown, index: number): Promise<void> => {
    for (;;) {
      const run = await claim(patient.backend, `w${index}`)
      if (run === undefined) return
      taken.push(run.runId + run.sessionId)
      await ownerOf(patient.backend, run).publish(completed(run))
    }
  }
  await Promise.all(Array.from({ length: 8 }, lane))
  expect(taken.sort()).toEqual([...asked].sort())

  await ask(patient.backend, await patient.session())
  const run = await claimOne(patient.backend, 'w1')
  for (const owner of ['w1', 'w2']) expect(await claim(patient.backend, owner)).toBeUndefined()
  await ownerOf(patient.backend, run).publish(completed(run))
})

test('L3 an owner whose renewals and appends are swallowed loses its run, and hears so when the line is back', async () => {
  const line = await startChaosProxy(world.hub.port)
  try {
    const sessionId = await world.session()
    const { runId } = await ask(world.backend, sessionId)
    const run = await claimOne(world.backend)
    const owner = ownerOf(world.backend, run, line.url)
    await owner.publish(beginAnswer(run))
    await owner.publish(words(run, 'told'))
    line.always({ kind: 'blackhole' })
    line.cutAll()
    const untold = owner.publish(words(run, 'never told'))
    untold.catch(() => undefined)
    await expect.poll(() => ends(sessionId, runId), ENDS).toEqual(['interrupted'])
    line.always({ kind: 'none' })
    line.cutAll()
    await expect(untold).rejects.toThrow('409')
    const renewal = await world.backend.request('POST', `/api/sessions/${sessionId}/runs/${runId}/renew`, {
      fence: run.fence,
    })
    expect(renewal.status).toBe(409)
    const { messages } = await serverState(world.backend, sessionId)
    expect(messages.at(-1)).toMatchObject({ content: 'told', status: 'interrupted' })
  } finally {
    await line.close()
  }
})

test('L4 a hub that is killed and back within the lease keeps the run with its owner, who ends it', async () => {
  const sessionId = await patient.session()
  const reader = await follow(patient.backend, sessionId)
  const { runId } = await ask(patient.backend, sessionId)
  const run = await claimOne(patient.backend, 'w1')
  const owner = ownerOf(patient.backend, run)
  await owner.publish(beginAnswer(run))
  await owner.publish(words(run, 'before '))
  await patient.hub.kill()
  const after = owner.publish(words(run, 'after'))
  await patient.hub.restart()
  await after
  expect(await claim(patient.backend, 'w1')).toBeUndefined()
  await owner.publish(completed(run))
  await expectExact(patient.backend, reader)
  expect(endsOf(reader.events, runId)).toEqual(['completed'])
  expect(reader.state.messages.at(-1)?.content).toBe('before after')
})

test(`L5 stop races completion ${ROUNDS} times: one end, and both were told which`, async () => {
  const random = testRandom()
  const won = { cancelled: 0, completed: 0 }
  for (let round = 0; round < ROUNDS; round += 1) {
    const sessionId = await patient.session()
    const { runId } = await ask(patient.backend, sessionId)
    const run = await claimOne(patient.backend)
    const stop = () => patient.backend.request('POST', `/api/sessions/${sessionId}/runs/${runId}/cancel`, {})
    const end = () =>
      patient.backend.request('POST', `/api/sessions/${sessionId}/events`, {
        producerId: 'w',
        producerSeq: 1,
        runId,
        fence: run.fence,
        events: [...beginAnswer(run), ...words(run, 'x'), ...completed(run)],
      })
    let stopped: Promise<Response>
    let ended: Promise<Response>
    if (random.next() < 0.5) {
      stopped = stop()
      ended = end()
    } else {
      ended = end()
      stopped = stop()
    }
    const statuses = [(await stopped).status, (await ended).status]
    const [status, ...more] = await ends(sessionId, runId, patient)
    expect(more).toEqual([])
    expect(statuses).toEqual(status === 'cancelled' ? [202, 409] : [409, 200])
    won[status === 'cancelled' ? 'cancelled' : 'completed'] += 1
  }
  expect(won.cancelled + won.completed).toBe(ROUNDS)
})

test('L6 a terminal append whose answer is lost, and then the hub, too: sent again it is answered the same, and there once', async () => {
  const line = await startChaosProxy(patient.hub.port)
  try {
    for (const killed of [false, true]) {
      const sessionId = await patient.session()
      const { runId } = await ask(patient.backend, sessionId)
      const run = await claimOne(patient.backend)
      const owner = ownerOf(patient.backend, run, line.url)
      await owner.publish(beginAnswer(run))
      line.cutAll()
      line.next({ kind: 'cut', afterBytes: 0, how: 'reset' })
      if (killed) line.always({ kind: 'blackhole' })
      const ending = owner.publish(completed(run))
      await expect.poll(() => ends(sessionId, runId, patient), { interval: 5 }).toEqual(['completed'])
      if (killed) {
        await patient.hub.kill()
        await patient.hub.restart()
        line.always({ kind: 'none' })
        line.cutAll()
      }
      const head = await ending
      expect(owner.repeats).toBeGreaterThan(0)
      expect(await ends(sessionId, runId, patient)).toEqual(['completed'])
      expect((await readLog(patient.backend, sessionId)).at(-1)?.id).toBe(head)
    }
  } finally {
    await line.close()
  }
})
