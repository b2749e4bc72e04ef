import { expect } from 'vitest'
import type { LogDriver, RunLease } from '../../log-driver.ts'
import { drafts, offsetsOf, runRecord, startSession } from '../records.ts'
import type { DriverCases } from './case.ts'

const TTL_MS = 15_000

async function enqueue(driver: LogDriver, stream: string, runId: string): Promise<void> {
  await driver.append({ stream, drafts: drafts(1), enqueue: runRecord(stream, runId) })
}

async function claim(driver: LogDriver, owner = 'w', now = 0): Promise<RunLease | undefined> {
  return driver.leases.claim({ owner, now, ttlMs: TTL_MS })
}

async function claimed(driver: LogDriver, owner = 'w', now = 0): Promise<RunLease> {
  const lease = await claim(driver, owner, now)
  if (lease === undefined) throw new Error('nothing was there to claim')
  return lease
}

const ids = (leases: readonly RunLease[]): string[] => leases.map((lease) => lease.run.runId)

export const runCases: DriverCases = {
  'a queued run can be seen and claimed': async (driver) => {
    await startSession(driver, 'a')
    expect(await claim(driver)).toBeUndefined()
    await enqueue(driver, 'a', 'r')
    const queued = { run: runRecord('a', 'r'), phase: 'queued', owner: null, fence: 0, expiresAt: 0 }
    expect(await driver.leases.get('a', 'r')).toEqual(queued)
    expect(await driver.leases.active('a')).toEqual([queued])

    const lease = await claim(driver, 'w1', 500)
    expect(lease).toEqual({ ...queued, phase: 'leased', owner: 'w1', fence: 1, expiresAt: 500 + TTL_MS })
    expect(await driver.leases.get('a', 'r')).toEqual(lease)
    expect(await claim(driver)).toBeUndefined()
  },

  'a run of a name that exists is a conflict, also after it ended': async (driver) => {
    await startSession(driver, 'a')
    await enqueue(driver, 'a', 'r')
    await expect(enqueue(driver, 'a', 'r')).rejects.toMatchObject({ code: 'conflict' })
    await driver.append({ stream: 'a', drafts: [], endRun: 'r' })
    await expect(enqueue(driver, 'a', 'r')).rejects.toMatchObject({ code: 'conflict' })
    expect((await driver.leases.get('a', 'r'))?.phase).toBe('ended')
  },

  'the oldest is claimed first, and one per session': async (driver) => {
    for (const stream of ['a', 'b']) await startSession(driver, stream)
    await enqueue(driver, 'a', 'a1')
    await enqueue(driver, 'a', 'a2')
    await enqueue(driver, 'b', 'b1')
    await enqueue(driver, 'a', 'a3')
    const first = await claimed(driver)
    const second = await claimed(driver)
    expect(ids([first, second])).toEqual(['a1', 'b1'])
    expect(await claim(driver)).toBeUndefined()
    expect(ids(await driver.leases.active('a'))).toEqual(['a1', 'a2', 'a3'])
    await driver.append({ stream: 'a', drafts: [], endRun: 'a1' })
    expect(ids([await claimed(driver)])).toEqual(['a2'])
    await driver.append({ stream: 'a', drafts: [], endRun: 'a3' })
    await driver.append({ stream: 'a', drafts: [], endRun: 'a2' })
    expect(await claim(driver)).toBeUndefined()
    expect(ids(await driver.leases.active('a'))).toEqual([])
  },

  'L2 claims that arrive together never give one run to two, nor two runs of a session': async (driver) => {
    for (let at = 0; at < 10; at += 1) {
      await startSession(driver, `s${String(at)}`)
      await enqueue(driver, `s${String(at)}`, 'r1')
      await enqueue(driver, `s${String(at)}`, 'r2')
    }
    const leases = await Promise.all(Array.from({ length: 30 }, (_, at) => claim(driver, `w${String(at)}`)))
    const got = leases.filter((lease) => lease !== undefined)
    expect(new Set(got.map((lease) => lease.run.sessionId)).size).toBe(10)
    expect(got).toHaveLength(10)
    expect(new Set(ids(got))).toEqual(new Set(['r1']))
  },

  'an append with the fence is accepted and renews; one without `renew` only checks': async (driver) => {
    await startSession(driver, 'a')
    await enqueue(driver, 'a', 'r')
    const { fence } = await claimed(driver, 'w', 0)
    await driver.append({
      stream: 'a',
      drafts: drafts(1),
      fence: { runId: 'r', fence, renew: { now: 4_000, ttlMs: TTL_MS } },
    })
    expect((await driver.leases.get('a', 'r'))?.expiresAt).toBe(4_000 + TTL_MS)
    await driver.append({ stream: 'a', drafts: drafts(1), fence: { runId: 'r', fence } })
    expect((await driver.leases.get('a', 'r'))?.expiresAt).toBe(4_000 + TTL_MS)
  },

  'C7 a stale fence is refused in the step of the append': async (driver) => {
    await startSession(driver, 'a')
    await enqueue(driver, 'a', 'r')
    const zombie = await claimed(driver, 'w1', 0)
    await driver.leases.release({ stream: 'a', runId: 'r', fence: zombie.fence })
    const stale = { stream: 'a', drafts: drafts(1), fence: { runId: 'r', fence: zombie.fence } }
    await expect(driver.append(stale)).rejects.toMatchObject({ code: 'conflict' })
    const owner = await claimed(driver, 'w2', 20_000)
    expect(owner.fence).toBeGreaterThan(zombie.fence)
    await expect(driver.append(stale)).rejects.toMatchObject({ code: 'conflict' })
    await expect(
      driver.append({ stream: 'a', drafts: drafts(1), fence: { runId: 'none', fence: 1 } }),
    ).rejects.toMatchObject({ code: 'conflict' })
    await driver.append({ stream: 'a', drafts: drafts(1), fence: { runId: 'r', fence: owner.fence } })
    expect(await offsetsOf(driver, 'a')).toEqual([1, 2])
  },

  'L3 the reaper cannot overtake a renewal, and the late owner is refused after it': async (driver) => {
    await startSession(driver, 'a')
    await enqueue(driver, 'a', 'r')
    const { fence } = await claimed(driver, 'w', 0)
    const reap = (expiredBy: number): Promise<unknown> =>
      driver.append({
        stream: 'a',
        drafts: drafts(1, 'dead'),
        fence: { runId: 'r', fence, expiredBy },
        endRun: 'r',
      })

    expect(ids(await driver.leases.expired({ now: TTL_MS - 1, limit: 10 }))).toEqual([])
    expect(ids(await driver.leases.expired({ now: TTL_MS, limit: 10 }))).toEqual(['r'])
    await driver.leases.renew({ stream: 'a', runId: 'r', fence }, { now: TTL_MS, ttlMs: TTL_MS })
    await expect(reap(TTL_MS)).rejects.toMatchObject({ code: 'conflict' })
    await reap(2 * TTL_MS)
    await expect(
      driver.append({ stream: 'a', drafts: drafts(1), fence: { runId: 'r', fence } }),
    ).rejects.toMatchObject({ code: 'conflict' })
    await expect(
      driver.leases.renew({ stream: 'a', runId: 'r', fence }, { now: 0, ttlMs: TTL_MS }),
    ).rejects.toMatchObject({ code: 'conflict' })
    expect(await offsetsOf(driver, 'a')).toEqual([1, 2])
  },

  'L5 a run ends once, whoever races for it': async (driver) => {
    await startSession(driver, 'a')
    await enqueue(driver, 'a', 'r')
    const { fence } = await claimed(driver)
    const end = (label: string): Promise<unknown> =>
      driver.append({ stream: 'a', drafts: drafts(1, label), fence: { runId: 'r', fence }, endRun: 'r' })
    const results = await Promise.allSettled([end('stopped'), end('done'), end('failed')])
    expect(results.map((result) => result.status).sort()).toEqual(['fulfilled', 'rejected', 'rejected'])
    expect(await offsetsOf(driver, 'a')).toEqual([1, 2])
    await expect(driver.append({ stream: 'a', drafts: [], endRun: 'r' })).rejects.toMatchObject({
      code: 'conflict',
    })
    await expect(driver.append({ stream: 'a', drafts: [], endRun: 'never' })).rejects.toMatchObject({
      code: 'conflict',
    })
  },

  'a queued run can be ended; it is never claimed then': async (driver) => {
    await startSession(driver, 'a')
    await enqueue(driver, 'a', 'r1')
    await enqueue(driver, 'a', 'r2')
    await driver.append({ stream: 'a', drafts: drafts(1), endRun: 'r1' })
    expect(ids([await claimed(driver)])).toEqual(['r2'])
    expect(await claim(driver)).toBeUndefined()
  },

  'a released run goes to the front and its fence is stale': async (driver) => {
    for (const stream of ['a', 'b']) await startSession(driver, stream)
    await enqueue(driver, 'a', 'a1')
    await enqueue(driver, 'b', 'b1')
    const first = await claimed(driver)
    await driver.leases.release({ stream: 'a', runId: 'a1', fence: first.fence })
    expect(await driver.leases.get('a', 'a1')).toMatchObject({ phase: 'queued', owner: null, expiresAt: 0 })
    await expect(
      driver.leases.release({ stream: 'a', runId: 'a1', fence: first.fence }),
    ).rejects.toMatchObject({ code: 'conflict' })
    const again = await claimed(driver)
    expect(again.run.runId).toBe('a1')
    expect(again.fence).toBe(first.fence + 1)
    expect(ids([await claimed(driver)])).toEqual(['b1'])
  },

  'L4 expired finds those run out, and those of an owner whatever the time': async (driver) => {
    for (const stream of ['a', 'b', 'c']) {
      await startSession(driver, stream)
      await enqueue(driver, stream, `run-${stream}`)
    }
    await claimed(driver, 'node1.w1', 0)
    await claimed(driver, 'node2.w1', 0)
    await claimed(driver, 'node1.w2', 9_000)
    const expired = async (now: number, ownerPrefix?: string, limit = 10): Promise<string[]> =>
      ids(
        await driver.leases.expired({ now, limit, ...(ownerPrefix !== undefined && { ownerPrefix }) }),
      ).sort()
    expect(await expired(0)).toEqual([])
    expect(await expired(TTL_MS)).toEqual(['run-a', 'run-b'])
    expect(await expired(0, 'node1.')).toEqual(['run-a', 'run-c'])
    expect(await expired(TTL_MS, 'node1.')).toEqual(['run-a', 'run-b', 'run-c'])
    expect(await expired(TTL_MS, 'node1.', 2)).toHaveLength(2)
  },

  'C5 a clock set back shortens a lease at its next renewal, never for ever': async (driver) => {
    await startSession(driver, 'a')
    await enqueue(driver, 'a', 'r')
    const hourMs = 3_600_000
    const { fence } = await claimed(driver, 'w', hourMs)
    const lease = await driver.leases.renew({ stream: 'a', runId: 'r', fence }, { now: 0, ttlMs: TTL_MS })
    expect(lease.expiresAt).toBe(TTL_MS)
  },

  'runs of one name in two sessions are two runs': async (driver) => {
    for (const stream of ['a', 'b']) {
      await startSession(driver, stream)
      await enqueue(driver, stream, 'r')
    }
    await driver.append({ stream: 'a', drafts: [], endRun: 'r' })
    expect((await driver.leases.get('b', 'r'))?.phase).toBe('queued')
    expect((await claimed(driver)).run.sessionId).toBe('b')
  },
}
