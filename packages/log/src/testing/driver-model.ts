import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createMemoryDriver } from '../drivers/memory.ts'
import type { AppendRequest, LogDriver } from '../log-driver.ts'
import type { DriverStorage } from './driver-suite.ts'
import { drafts, runRecord, sessionRecord } from './records.ts'

/** A soak raises it: `MODEL_RUNS=2000 npx vitest run packages/log/src/drivers/embedded.prop.test.ts`. */
const RUNS = Number(process.env['MODEL_RUNS'] ?? 40)
const STREAMS = ['a', 'b', 'c'] as const

/** One call of a driver; what it resolves with, or refuses with, must not depend on the driver. */
interface Step {
  readonly text: string
  readonly run: (driver: LogDriver) => Promise<unknown>
  /** What fast-check prints. */
  readonly [fc.toStringMethod]: () => string
}

const step = (text: string, run: Step['run']): Step => ({ text, run, [fc.toStringMethod]: () => text })
const stream = fc.constantFrom(...STREAMS)
const small = fc.integer({ min: 0, max: 12 })
const runId = fc.constantFrom('r1', 'r2', 'r3')

const append = fc
  .record({
    stream,
    count: fc.integer({ min: 0, max: 4 }),
    producer: fc.option(
      fc.record({ producerId: fc.constantFrom('p', 'q'), producerSeq: fc.integer({ min: 1, max: 4 }) }),
    ),
    single: fc.boolean(),
    fence: fc.option(
      fc.record({
        runId,
        fence: fc.integer({ min: 1, max: 3 }),
        expiredBy: fc.option(small, { nil: undefined }),
      }),
    ),
    renew: fc.option(small),
    enqueue: fc.option(runId),
    endRun: fc.option(runId),
    updatedAt: fc.option(small),
    deletedAt: fc.option(small),
  })
  .map(({ stream: name, count, producer, single, fence, renew, enqueue, endRun, updatedAt, deletedAt }) => {
    const request: AppendRequest = {
      stream: name,
      drafts: drafts(count),
      ...(producer && {
        producer: single ? { ...producer, through: producer.producerSeq + count - 1 } : producer,
      }),
      ...(fence && {
        fence: {
          runId: fence.runId,
          fence: fence.fence,
          ...(fence.expiredBy !== undefined && { expiredBy: fence.expiredBy }),
          ...(renew !== null && { renew: { now: renew, ttlMs: 3 } }),
        },
      }),
      ...(enqueue && { enqueue: runRecord(name, enqueue) }),
      ...(endRun && { endRun }),
      ...(updatedAt !== null && { session: { updatedAt, title: `t${String(updatedAt)}`, deletedAt } }),
    }
    return step(`append ${JSON.stringify({ ...request, drafts: count })}`, (driver) => driver.append(request))
  })

const read = fc
  .record({ stream, offset: small, maxEvents: fc.integer({ min: 1, max: 5 }), start: fc.boolean() })
  .map(({ stream: name, offset, maxEvents, start }) =>
    step(`read ${name} ${start ? 'start' : String(offset)} ${String(maxEvents)}`, async (driver) => {
      const { epoch } = await driver.head(name)
      return driver.read(name, start ? 'start' : { epoch, offset }, { maxEvents })
    }),
  )

const removal = fc.oneof(
  fc
    .record({ stream, offsets: fc.uniqueArray(fc.integer({ min: 1, max: 12 }), { maxLength: 5 }) })
    .map(({ stream: name, offsets }) =>
      step(`compact ${name} ${String(offsets)}`, (driver) => driver.compact(name, offsets)),
    ),
  fc
    .record({ stream, offset: small })
    .map(({ stream: name, offset }) =>
      step(`trim ${name} ${String(offset)}`, (driver) => driver.trim(name, offset)),
    ),
)

const erase = stream.map((name) => step(`delete ${name}`, (driver) => driver.delete(name)))

const lease = fc.oneof(
  small.map((now) =>
    step(`claim ${String(now)}`, (driver) =>
      driver.leases.claim({ owner: `w${String(now % 2)}`, now, ttlMs: 3 }),
    ),
  ),
  fc
    .record({ stream, runId, fence: fc.integer({ min: 1, max: 3 }), now: small, release: fc.boolean() })
    .map((ref) =>
      step(`${ref.release ? 'release' : 'renew'} ${JSON.stringify(ref)}`, (driver) =>
        ref.release ? driver.leases.release(ref) : driver.leases.renew(ref, { now: ref.now, ttlMs: 3 }),
      ),
    ),
  small.map((now) =>
    step(`expired ${String(now)}`, async (driver) =>
      (await driver.leases.expired({ now, limit: 10, ownerPrefix: 'w1' }))
        .map(({ run }) => [run.sessionId, run.runId])
        .sort(),
    ),
  ),
)

const session = fc.oneof(
  stream.map((name) => step(`create ${name}`, (driver) => driver.sessions.create(sessionRecord(name)))),
  fc
    .record({ stream, deletedAt: fc.option(small), updatedAt: small })
    .map(({ stream: name, deletedAt, updatedAt }) =>
      step(`update ${name}`, (driver) => driver.sessions.update(name, { deletedAt, updatedAt })),
    ),
  fc
    .integer({ min: 1, max: 3 })
    .map((limit) => step('list', (driver) => driver.sessions.list({ userId: 'ada', limit }))),
  small.map((time) => step('deleted', (driver) => driver.sessions.deletedBefore(time, 5))),
)

const snapshot = fc
  .record({ stream, offset: small, reducerVersion: fc.integer({ min: 1, max: 2 }) })
  .map((value) =>
    step(`snapshot ${JSON.stringify(value)}`, async (driver) => {
      const { epoch } = await driver.head(value.stream)
      const position = { epoch, offset: value.offset }
      await driver.saveSnapshot(value.stream, {
        position,
        reducerVersion: value.reducerVersion,
        state: String(value.offset),
      })
    }),
  )

const reopen: Step = step('reopen', () => Promise.resolve())

const steps = fc.array(
  fc.oneof(
    { weight: 10, arbitrary: append },
    { weight: 4, arbitrary: read },
    { weight: 4, arbitrary: removal },
    { weight: 5, arbitrary: lease },
    { weight: 3, arbitrary: session },
    { weight: 2, arbitrary: snapshot },
    { weight: 1, arbitrary: erase },
    { weight: 1, arbitrary: fc.constant(reopen) },
  ),
  { minLength: 20, maxLength: 80 },
)

/** Epochs are random: which one it is does not matter here. */
function plain(value: unknown): unknown {
  return JSON.parse(
    JSON.stringify(value ?? null, (key, inner: unknown) => (key === 'epoch' ? 'epoch' : inner)),
  )
}

async function outcome(run: () => Promise<unknown>): Promise<unknown> {
  try {
    return plain(await run())
  } catch (error) {
    const { code, reason } = error as { code?: string; reason?: string }
    if (code === undefined) throw error
    return { refused: code, reason }
  }
}

async function everything(driver: LogDriver): Promise<unknown> {
  const streams = STREAMS.map(async (name) => ({
    page: await outcome(() => driver.read(name, 'start')),
    session: await outcome(() => driver.sessions.get(name)),
    tombstone: await outcome(() => driver.sessions.tombstone(name)),
    active: await outcome(() => driver.leases.active(name)),
    runs: await Promise.all(['r1', 'r2', 'r3'].map((id) => outcome(() => driver.leases.get(name, id)))),
    producers: await Promise.all(['p', 'q'].map((id) => outcome(() => driver.producer(name, id)))),
    snapshot: await outcome(() => driver.loadSnapshot(name)),
  }))
  return {
    streams: await Promise.all(streams),
    list: await outcome(() => driver.sessions.list({ userId: 'ada', limit: 9 })),
  }
}

/** Holds a driver against the one in memory: every sequence of calls is answered alike, restarts in between. */
export function testAgainstMemory(name: string, makeStorage: () => Promise<DriverStorage>): void {
  describe(`${name} driver against the one in memory`, () => {
    test('answers every sequence of calls alike, restarts in between', { timeout: 600_000 }, async () => {
      await fc.assert(
        fc.asyncProperty(steps, async (sequence) => {
          const storage = await makeStorage()
          const model = createMemoryDriver()
          let driver = await storage.open()
          try {
            for (const session of ['a', 'b']) {
              await model.sessions.create(sessionRecord(session))
              await driver.sessions.create(sessionRecord(session))
            }
            for (const { text, run } of sequence) {
              if (text === 'reopen') {
                await driver.dispose()
                driver = await storage.open()
              }
              expect(await outcome(() => run(driver)), text).toEqual(await outcome(() => run(model)))
            }
            expect(await everything(driver)).toEqual(await everything(model))
          } finally {
            await driver.dispose()
            await storage.destroy()
          }
        }),
        { numRuns: RUNS },
      )
    })
  })
}
