import { openEnvelope, type LogDriver } from '@throughline/log'
import { createMemoryDriver } from '@throughline/log/memory'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createTestClock, type TestClock } from '../testing/clock.ts'
import { startService, type TestService } from '../testing/service.ts'
import { createClaimer } from './claimer.ts'
import { createLocalPort } from './local-port.ts'
import { createLocalRunSource } from './local-run-source.ts'
import type { OwnedRun, RunSource } from './run-source.ts'
import { dig, digList } from '../testing/dig.ts'

const never = new AbortController().signal
let clock: TestClock
let hub: TestService

beforeEach(async () => {
  clock = createTestClock()
  hub = await startService({ now: clock.now, timers: clock.timers })
  await ask('s1')
})
afterEach(() => hub.close())

async function ask(sessionId: string, clientMessageId = 'm1'): Promise<void> {
  await hub.call('PUT', `/api/sessions/${sessionId}`)
  await hub.call('POST', `/api/sessions/${sessionId}/messages`, { body: { content: 'Hi', clientMessageId } })
}

async function claim(source: RunSource = hub.service.runs): Promise<OwnedRun> {
  const run = await source.claim({ waitMs: 0, signal: never })
  if (run === undefined) throw new Error('nothing was queued')
  return run
}

async function log(driver: LogDriver = hub.driver): Promise<string[]> {
  const page = await driver.read('s1', 'start')
  return page.events
    .map((event) => openEnvelope(event, page.epoch))
    .map(({ type, data }) => (type === 'run_completed' ? String(dig(data, 'status')) : type))
}

const note = { type: 'note', data: null }

describe('a claimed run', () => {
  test('comes with the conversation as it stands', async () => {
    const { conversation, input, userId } = await claim()
    expect(conversation.messages).toMatchObject([{ id: 'm1', content: 'Hi' }])
    expect(conversation.runs).toMatchObject([{ id: 'r_m1', status: 'running' }])
    expect([input.kind, userId]).toEqual(['message', 'ada'])
  })

  test('keeps its lease while its agents think, and is free when they have ended', async () => {
    const { writer } = await claim()
    for (let second = 0; second < 120; second++) await clock.pass(1_000)
    await writer.write(note)
    await writer.complete()
    expect(await log()).toEqual(['user_message', 'run_queued', 'run_started', 'note', 'completed'])
    const timers = clock.timers.pending
    for (let second = 0; second < 60; second++) await clock.pass(1_000)
    expect(clock.timers.pending).toBeLessThanOrEqual(timers)
    expect(await log()).toHaveLength(5)
  })

  test('moves its session up the list when it ends', async () => {
    const { writer } = await claim()
    await hub.call('PUT', '/api/sessions/newer')
    await clock.pass(1_000)
    await writer.complete()
    const { json } = await hub.call('GET', '/api/sessions')
    expect(digList(json, 'sessions').map((session) => dig(session, 'id'))).toEqual(['s1', 'newer'])
  })
})

describe('claiming', () => {
  test('waits for a run and takes it as soon as it is queued', async () => {
    await (await claim()).writer.complete()
    const waiting = hub.service.runs.claim({ waitMs: 60_000, signal: never })
    await ask('s2')
    expect((await waiting)?.sessionId).toBe('s2')
  })

  test('finds a run whose hint was lost at the next look', async () => {
    await (await claim()).writer.complete()
    const waiting = hub.service.runs.claim({ waitMs: 60_000, signal: never })
    const time = clock.now()
    const input = { kind: 'message', messageId: 'm9', parentId: 'm9' } as const
    const enqueue = { sessionId: 's1', runId: 'r_m9', userId: 'ada', input, queuedAt: time }
    await hub.driver.append({ stream: 's1', drafts: [], enqueue })
    await clock.pass(2_000)
    expect((await waiting)?.runId).toBe('r_m9')
  })

  test('ends when it is aborted, and leaves the run to others', async () => {
    await (await claim()).writer.complete()
    const controller = new AbortController()
    const waiting = hub.service.runs.claim({ waitMs: 60_000, signal: controller.signal })
    controller.abort()
    expect(await waiting).toBeUndefined()
    await ask('s2')
    expect((await claim()).sessionId).toBe('s2')
  })

  test('L2 many at once gets each run to one', async () => {
    for (let n = 2; n <= 10; n++) await ask(`s${String(n)}`)
    const runs = await Promise.all(
      Array.from({ length: 30 }, () => hub.service.runs.claim({ waitMs: 0, signal: never })),
    )
    const sessions = runs.flatMap((run) => run?.sessionId ?? [])
    expect(sessions).toHaveLength(10)
    expect(new Set(sessions).size).toBe(10)
  })
})

describe('L4 after a restart', () => {
  test('runs of the former process end at once: the directory has one owner', async () => {
    const driver = createMemoryDriver()
    // A driver that two services share, one after the other, like a directory.
    const first = await startService({ driver, now: clock.now, timers: clock.timers })
    await first.call('PUT', '/api/sessions/s1')
    await first.call('POST', '/api/sessions/s1/messages', { body: { content: 'Hi', clientMessageId: 'm1' } })
    const { writer } = await claim(first.service.runs)
    await writer.write(note)
    const second = await startService({ driver, now: clock.now, timers: clock.timers })
    expect(await log(driver)).toEqual(['user_message', 'run_queued', 'run_started', 'note', 'interrupted'])
    await expect(writer.write(note)).rejects.toMatchObject({ code: 'conflict' })
    await writer.complete()
    expect((await log(driver)).at(-1)).toBe('interrupted')
    await second.service.close()
    await first.close()
  })

  test('runs of workers elsewhere go on: they did not restart', async () => {
    const scope = { as: 'worker', scope: 'publish' }
    await hub.call('POST', '/api/runs/claim', { ...scope, body: { owner: 'local:liar' } })
    const second = await startService({ driver: hub.driver, now: clock.now, timers: clock.timers })
    expect(await log()).not.toContain('interrupted')
    await second.service.close()
  })
})

describe('L1 C7 a worker that stops and comes back', () => {
  test('is fenced off once the reaper has ended its run', async () => {
    const { log: events, hub: state } = hub.service
    const standing = createTestClock().timers
    const zombie = createLocalRunSource({ log: events, hub: state, now: clock.now, timers: standing })
    const { writer } = await claim(zombie)
    await writer.write(note)
    for (let second = 0; second < 20; second++) await clock.pass(1_000)
    expect((await log()).at(-1)).toBe('interrupted')
    await expect(writer.write(note)).rejects.toMatchObject({ code: 'conflict' })
    expect(writer.signal.aborted).toBe(true)
  })

  test('is refused by the log itself, though it has heard nothing', async () => {
    const claimer = createClaimer({ log: hub.service.log, now: clock.now, timers: clock.timers })
    const run = await claimer.claim({ owner: 'local:zombie', waitMs: 0, signal: never })
    claimer.close()
    if (run === undefined) throw new Error('nothing was queued')
    const port = createLocalPort({
      log: hub.service.log,
      claimer,
      run,
      now: clock.now,
      timers: clock.timers,
      onError: () => undefined,
    })
    await port.append({ seq: 1, drafts: [note], end: false })
    for (let second = 0; second < 20; second++) await clock.pass(1_000)
    const late = port.append({ seq: 2, drafts: [note], end: false })
    await expect(late).rejects.toMatchObject({ code: 'conflict' })
    expect((await log()).at(-1)).toBe('interrupted')
  })

  test('a renewal that comes between the reaper’s look and its append wins', async () => {
    const { writer } = await claim()
    const { expired, get } = hub.driver.leases
    const lease = await get('s1', 'r_m1')
    if (lease === undefined) throw new Error('no lease')
    hub.driver.leases.expired = () => Promise.resolve([lease])
    await clock.pass(5_000)
    hub.driver.leases.expired = expired
    await writer.complete()
    expect((await log()).at(-1)).toBe('completed')
  })
})

describe('going down', () => {
  test('waits for runs that end in time', async () => {
    const { writer } = await claim()
    await writer.write(note)
    const draining = hub.service.drain({ graceMs: 10_000, spreadMs: 0 })
    await writer.complete()
    await draining
    expect((await log()).at(-1)).toBe('completed')
    expect(await hub.service.runs.claim({ waitMs: 1_000, signal: never })).toBeUndefined()
  })

  test('gives up the others: an unstarted one goes back to the queue, a started one ends as interrupted', async () => {
    await ask('s2')
    const [first, second] = [await claim(), await claim()]
    await first.writer.write(note)
    const draining = hub.service.drain({ graceMs: 1_000, spreadMs: 0 })
    await clock.pass(1_000)
    await draining
    expect([first.writer.signal.aborted, second.writer.signal.aborted]).toEqual([true, true])
    expect((await log()).at(-1)).toBe('interrupted')
    expect(await hub.driver.leases.get('s2', 'r_m1')).toMatchObject({ phase: 'queued' })
  })
})
