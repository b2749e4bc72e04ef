import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import {
  drafts,
  offsetsOf,
  readAll,
  runRecord,
  sessionRecord,
  startSession,
  startSessionOneByOne,
} from '../../testing/records.ts'
import { openEmbedded, type EmbeddedDriver } from '../embedded.ts'
import { createEmbedded } from './driver.ts'
import { eventKey, under } from './keys.ts'
import { openStore, type Store } from './store.ts'

/** Of what waits for the real disk. */
const PATIENCE = { timeout: 30_000 }

const MACHINE = { machineId: 'm1', bootId: 'b1' }

let directory: string

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'throughline-'))
})

afterEach(() => rm(directory, { recursive: true }))

/** A driver whose disk can be filled, and whose writes can be held. */
async function openFaulty(): Promise<{ driver: EmbeddedDriver; fault: Fault }> {
  const fault: Fault = { full: false, held: undefined, writes: 0 }
  const wrapStore = (store: Store): Store => ({
    ...store,
    async write(changes, options) {
      fault.writes += 1
      await fault.held
      if (fault.full)
        throw Object.assign(new Error('IO error: /secret/path: No space left'), { code: 'LEVEL_IO_ERROR' })
      await store.write(changes, options)
    },
  })
  return { driver: await createEmbedded({ directory, machine: MACHINE }, { wrapStore }), fault }
}

interface Fault {
  full: boolean
  held: Promise<void> | undefined
  writes: number
}

function gate(): { held: Promise<void>; release: () => void } {
  let release = (): void => undefined
  const held = new Promise<void>((resolve) => {
    release = resolve
  })
  return { held, release }
}

describe('failures of the embedded store', () => {
  for (const durability of ['os', 'fsync'] as const) {
    test(`with ${durability}, every write is${durability === 'os' ? ' not' : ''} forced to the disk`, async () => {
      const forced = new Set<boolean>()
      const wrapStore = (store: Store): Store => ({
        ...store,
        write(changes, options) {
          // What belongs to opening is always forced.
          if (changes.some(({ key }) => key.startsWith('c!'))) forced.add(options.sync)
          return store.write(changes, options)
        },
      })
      const driver = await createEmbedded({ directory, durability, machine: MACHINE }, { wrapStore })
      await startSession(driver, 'a', 3)
      await driver.dispose()
      expect([...forced]).toEqual([durability === 'fsync'])
    })
  }

  test('L7 a repeat that arrives while the first is being written is acknowledged with it, not before', async () => {
    const { driver, fault } = await openFaulty()
    await startSession(driver, 'a')
    const batch = { stream: 'a', drafts: drafts(2), producer: { producerId: 'p', producerSeq: 1 } }
    await driver.producer('a', 'p')
    const { held, release } = gate()
    fault.held = held
    const order: string[] = []
    const first = driver.append(batch).then(() => order.push('first'))
    await vi.waitFor(() => {
      expect(fault.writes).toBeGreaterThan(1)
    }, PATIENCE)
    const repeat = driver.append(batch).then(({ repeated }) => order.push(`repeated ${String(repeated)}`))
    // What needs no disk has had its turns by now.
    for (let turn = 0; turn < 20; turn += 1) await new Promise((resolve) => setImmediate(resolve))
    expect(order).toEqual([])
    release()
    await Promise.all([first, repeat])
    expect(order).toEqual(['first', 'repeated true'])
    await driver.dispose()
  })

  test('L7 a repeat of what could not be written is refused like it', async () => {
    const { driver, fault } = await openFaulty()
    await startSession(driver, 'a')
    const batch = { stream: 'a', drafts: drafts(2), producer: { producerId: 'p', producerSeq: 1 } }
    await driver.producer('a', 'p')
    const { held, release } = gate()
    fault.held = held
    fault.full = true
    const answers = Promise.allSettled([driver.append(batch), driver.append(batch)])
    release()
    expect((await answers).map(({ status }) => status)).toEqual(['rejected', 'rejected'])
    await driver.dispose()
  })

  test('C3 a full disk: what waited is refused, and everything after it, with a clear error', async () => {
    const { driver, fault } = await openFaulty()
    await startSession(driver, 'a', 3)
    await driver.healthy()
    fault.full = true
    const refused = {
      code: 'server_error',
      message: 'The log cannot be written: see that its disk has room and works, then start again.',
    }
    const waiting = Array.from({ length: 20 }, () => driver.append({ stream: 'a', drafts: drafts(1) }))
    for (const result of await Promise.allSettled(waiting)) {
      expect(result).toMatchObject({ status: 'rejected', reason: refused })
    }
    // Room again: the journal may end in half a write, so nothing may follow it.
    fault.full = false
    const writes = fault.writes
    await expect(driver.append({ stream: 'a', drafts: drafts(1) })).rejects.toMatchObject(refused)
    await expect(driver.sessions.create(sessionRecord('b'))).rejects.toMatchObject(refused)
    await expect(driver.trim('a', 2)).rejects.toMatchObject(refused)
    await expect(driver.leases.claim({ owner: 'w', now: 0, ttlMs: 1 })).rejects.toMatchObject(refused)
    await expect(driver.healthy()).rejects.toMatchObject(refused)
    expect(fault.writes).toBe(writes)
    expect(await offsetsOf(driver, 'a')).toEqual([1, 2, 3])
    expect((await driver.head('a')).offset).toBe(3)
    await driver.dispose()
    expect(fault.writes).toBe(writes)

    const again = await openEmbedded({ directory, machine: MACHINE })
    expect(await offsetsOf(again, 'a')).toEqual([1, 2, 3])
    expect((await again.append({ stream: 'a', drafts: drafts(1) })).head.offset).toBe(4)
    await again.dispose()
  })

  test('C3 a failed write is told to those that wait for it, and is no unhandled rejection where nobody does', async () => {
    const { driver, fault } = await openFaulty()
    await startSession(driver, 'a', 1)
    const { held, release } = gate()
    fault.held = held
    fault.full = true
    const writes = fault.writes
    const append = expect(driver.append({ stream: 'a', drafts: drafts(1) })).rejects.toMatchObject({
      code: 'server_error',
    })
    await vi.waitFor(() => {
      expect(fault.writes).toBeGreaterThan(writes)
    }, PATIENCE)
    // It asked for a place in the next write, and is not in it.
    const ofNobody = { runId: 'r', fence: 1 }
    await expect(driver.append({ stream: 'a', drafts: drafts(1), fence: ofNobody })).rejects.toMatchObject({
      code: 'conflict',
    })
    const unhandled = vi.fn()
    process.once('unhandledRejection', unhandled)
    release()
    await append
    await new Promise((resolve) => setImmediate(resolve))
    process.off('unhandledRejection', unhandled)
    expect(unhandled).not.toHaveBeenCalled()
    await driver.dispose()
  })

  test('C3 nothing of a write that is under way is acknowledged, visible or counted before it is done', async () => {
    const { driver, fault } = await openFaulty()
    await startSession(driver, 'a', 1)
    const { held, release } = gate()
    fault.held = held
    const producer = { producerId: 'p', producerSeq: 1 }
    const first = driver.append({ stream: 'a', drafts: drafts(2), producer, enqueue: runRecord('a', 'r') })
    const repeat = driver.append({ stream: 'a', drafts: drafts(2), producer })
    const titled = driver.sessions.update('a', { title: 'Later' })
    let settled = 0
    for (const step of [first, repeat, titled]) void step.then(() => (settled += 1))
    await new Promise((resolve) => setImmediate(() => setImmediate(resolve)))

    expect((await driver.head('a')).offset).toBe(1)
    expect(await readAll(driver, 'a')).toHaveLength(1)
    expect((await driver.sessions.get('a'))?.title).toBe('About a')
    expect(await driver.leases.active('a')).toEqual([])
    expect(await driver.producer('a', 'p')).toBeUndefined()
    expect(settled).toBe(0)

    release()
    expect((await first).head).toEqual((await repeat).head)
    await titled
    expect((await driver.head('a')).offset).toBe(3)
    expect((await driver.leases.active('a')).map((lease) => lease.run.runId)).toEqual(['r'])
    await driver.dispose()
  })

  test('what a delete or a trim left to sweep when the process ended is swept by the next', async () => {
    const wrapStore = (store: Store): Store => ({
      ...store,
      clear: () => Promise.reject(new Error('killed')),
    })
    const first = await createEmbedded({ directory, machine: MACHINE }, { wrapStore })
    await startSessionOneByOne(first, 'a', 30)
    await startSession(first, 'b', 30)
    await first.trim('a', 20)
    await first.delete('b')
    await first.dispose()
    let cleared = 0
    const counting = (store: Store): Store => ({
      ...store,
      async clear(range) {
        await store.clear(range)
        cleared += 1
      },
    })
    const second = await createEmbedded({ directory, machine: MACHINE }, { wrapStore: counting })
    await vi.waitFor(() => {
      expect(cleared).toBe(6)
    }, PATIENCE)
    await second.dispose()
    const store = await openStore(join(directory, 'store'))
    const keys = (await store.entries(under('e')).next(1_000)).map(([key]) => key)
    expect(keys).toEqual(Array.from({ length: 11 }, (_, at) => eventKey('a', 20 + at)))
    expect(await store.entries(under('g')).next(10)).toEqual([])
    await store.close()
  })

  test('everything that comes while a write is under way shares the next one', async () => {
    const { driver, fault } = await openFaulty()
    for (let at = 0; at < 20; at += 1) await startSession(driver, `s${String(at)}`)
    const { held, release } = gate()
    fault.held = held
    const first = driver.append({ stream: 's0', drafts: drafts(1) })
    await new Promise((resolve) => setImmediate(resolve))
    const before = fault.writes
    const rest = Array.from({ length: 200 }, (_, at) =>
      driver.append({ stream: `s${String(at % 20)}`, drafts: drafts(1) }),
    )
    release()
    await Promise.all([first, ...rest])
    expect(fault.writes - before).toBe(1)
    await driver.dispose()
  })

  test('what waits for a write is bounded: whoever has more waits, and nothing is lost or reordered', async () => {
    const { driver, fault } = await openFaulty()
    await startSession(driver, 'a')
    const { held, release } = gate()
    fault.held = held
    const padding = 'x'.repeat(1024 * 1024)
    const appends = Array.from({ length: 48 }, (_, at) =>
      driver.append({ stream: 'a', drafts: drafts(1, `${String(at)}.`, padding) }),
    )
    await new Promise((resolve) => setImmediate(resolve))
    release()
    const appended = await Promise.all(appends)
    expect(appended.map(({ head }) => head.offset)).toEqual(appends.map((_, at) => at + 1))
    await driver.dispose()
  })
})
