import { describe, expect, test } from 'vitest'
import type { Position } from '@throughline/protocol'
import type { Backplane, Hint } from './backplane.ts'
import { createMemoryDriver } from './drivers/memory.ts'
import { createEventLog, type EventLog } from './event-log.ts'
import type { LogDriver, LogPage } from './log-driver.ts'
import { sessionRecord } from './testing/records.ts'
import { createScheduler, type Scheduler } from './testing/scheduler.ts'

/** A soak raises it: `R5_RUNS=100000 npx vitest run packages/log/src/tail.test.ts`. */
const RUNS = Number(process.env['R5_RUNS'] ?? 1_500)
const EVENTS = 12

/** A driver whose every call takes its time before and after the step itself. */
function slowDriver(driver: LogDriver, scheduler: Scheduler): LogDriver {
  const slow =
    <A extends unknown[], R>(call: (...args: A) => Promise<R>) =>
    async (...args: A): Promise<R> => {
      await scheduler.step()
      const result = await call(...args)
      await scheduler.step()
      return result
    }
  return { ...driver, append: slow(driver.append), read: slow(driver.read) }
}

/** Hints that come late and in any order; when `lossy`, some never and some twice. */
function unrulyBackplane(scheduler: Scheduler, lossy: boolean): Backplane {
  const listeners = new Set<(hint: Hint) => void>()
  return {
    name: 'unruly',
    publish(hint) {
      const copies = lossy ? Math.floor(scheduler.random() * 3) : 1
      for (let copy = 0; copy < copies; copy += 1) {
        scheduler.later(() => {
          for (const listener of listeners) listener(hint)
        })
      }
    },
    subscribe(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    close: () => Promise.resolve(),
  }
}

interface Race {
  readonly seed: number
  readonly lossy: boolean
}

/** One writer, one reader that begins somewhere in between; returns what the reader got. */
async function race({ seed, lossy }: Race): Promise<{ got: number[]; expected: number[] }> {
  const scheduler = createScheduler(seed)
  const driver = createMemoryDriver()
  await driver.sessions.create(sessionRecord('s'))
  const log = createEventLog({
    driver: slowDriver(driver, scheduler),
    backplane: unrulyBackplane(scheduler, lossy),
    // Without loss, hints alone must do: a poll would hide a hint that fell between replay and live.
    setTimer: (fn) => (lossy ? scheduler.later(fn) : () => undefined),
  })
  const before = Math.floor(scheduler.random() * EVENTS)
  const skip = Math.floor(scheduler.random() * (before + 1))
  const abort = new AbortController()
  const got: number[] = []

  const write = async (from: number, to: number): Promise<void> => {
    for (let at = from; at < to; at += 1) await log.append('s', [{ type: 'counted', data: at + 1 }])
  }
  const follow = async (): Promise<void> => {
    await scheduler.step()
    const { epoch } = await driver.head('s')
    const from: Position | 'start' = skip === 0 ? 'start' : { epoch, offset: skip }
    for await (const page of log.tail('s', from, abort.signal)) {
      got.push(...page.events.map((event) => event.offset))
      await scheduler.step()
    }
  }
  const writing = write(0, before)
  await scheduler.run(() => false)
  await writing
  const all = Promise.all([write(before, EVENTS), follow()])
  await scheduler.run(() => got.length >= EVENTS - skip)
  abort.abort()
  await scheduler.run(() => false)
  await all
  return { got, expected: Array.from({ length: EVENTS - skip }, (_, at) => at + skip + 1) }
}

describe('tail', () => {
  for (const lossy of [false, true]) {
    const hints = lossy ? 'lost, doubled and reordered hints (E3)' : 'late and reordered hints, no poll'
    test(
      `R5 an append racing the switch from replay to live, with ${hints}`,
      { timeout: 600_000 },
      async () => {
        const base = Number(process.env['R5_SEED'] ?? 1)
        for (let seed = base; seed < base + RUNS; seed += 1) {
          const { got, expected } = await race({ seed, lossy })
          expect(got, `R5_SEED=${String(seed)} R5_RUNS=1`).toEqual(expected)
        }
      },
    )
  }

  test('every page comes, then what is appended, until the signal aborts', async () => {
    const log = await startLog(3)
    const abort = new AbortController()
    const pages = follow(log, abort.signal)
    expect((await pages.next()).value?.events.map((event) => event.offset)).toEqual([1, 2, 3])
    const next = pages.next()
    await log.append('s', [{ type: 'counted', data: 4 }])
    expect((await next).value?.events[0]?.offset).toBe(4)
    const last = pages.next()
    abort.abort()
    expect(await last).toEqual({ done: true, value: undefined })
  })

  test('an aborted signal ends it before the first read', async () => {
    const log = await startLog(1)
    const pages: unknown[] = []
    for await (const page of log.tail('s', 'start', AbortSignal.abort())) pages.push(page)
    expect(pages).toEqual([])
  })

  test('R2 a cursor ahead of the head resets, it does not wait', async () => {
    const log = await startLog(3)
    const { epoch } = await log.head('s')
    const pages = log.tail('s', { epoch, offset: 4 }, new AbortController().signal)
    await expect(pages[Symbol.asyncIterator]().next()).rejects.toMatchObject({ reason: 'ahead' })
  })

  test('the end of the stream ends it with stream_closed', async () => {
    const log = await startLog(0)
    const next = follow(log, new AbortController().signal).next()
    await log.driver.delete('s')
    log.publish({ kind: 'closed', stream: 's' })
    await expect(next).rejects.toMatchObject({ code: 'stream_closed' })
  })

  test('when every hint is lost, the poll finds what was appended, and only one timer is ever set', async () => {
    const timers = new Set<() => void>()
    const delays: number[] = []
    const log = await startLog(0, {
      backplane: {
        name: 'mute',
        publish: () => undefined,
        subscribe: () => () => undefined,
        close: () => Promise.resolve(),
      },
      pollMs: 700,
      setTimer(fn: () => void, delayMs: number) {
        timers.add(fn)
        delays.push(delayMs)
        return () => timers.delete(fn)
      },
    })
    const abort = new AbortController()
    const next = follow(log, abort.signal).next()
    await turn()
    await log.append('s', [{ type: 'counted', data: 1 }])
    await turn()
    expect(timers.size).toBe(1)
    for (const fire of timers) fire()
    expect((await next).value?.events).toHaveLength(1)
    expect(timers.size).toBe(0)
    expect(delays).toEqual([700])
    abort.abort()
  })

  test('closing the log ends its tails', async () => {
    const log = await startLog(0)
    const next = follow(log, new AbortController().signal).next()
    await log.close()
    expect(await next).toEqual({ done: true, value: undefined })
  })
})

async function startLog(
  events: number,
  options: Partial<Parameters<typeof createEventLog>[0]> = {},
): Promise<EventLog> {
  const driver = createMemoryDriver()
  await driver.sessions.create(sessionRecord('s'))
  const log = createEventLog({ driver, setTimer: () => () => undefined, ...options })
  for (let at = 1; at <= events; at += 1) await log.append('s', [{ type: 'counted', data: at }])
  return log
}

function follow(log: EventLog, signal: AbortSignal): AsyncIterator<LogPage, undefined> {
  return log.tail('s', 'start', signal)[Symbol.asyncIterator]() as AsyncIterator<LogPage, undefined>
}

/** Lets everything that waits for nothing but promises go on. */
async function turn(): Promise<void> {
  for (let at = 0; at < 20; at += 1) await Promise.resolve()
}
