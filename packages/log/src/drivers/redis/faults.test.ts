import { Redis } from 'ioredis'
import { createClient } from 'redis'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { drafts, offsetsOf, readAll, runRecord, sessionRecord, startSession } from '../../testing/records.ts'
import { startRedisServer, type RedisServer } from '../../testing/redis-server.ts'
import { openRedis, type RedisClientLike, type RedisLog } from '../redis.ts'

const servers: RedisServer[] = []
const logs: RedisLog[] = []
const PATIENCE = { timeout: 30_000, interval: 20 }
const UNAVAILABLE = { code: 'server_error', status: 503 }

async function start(...settings: string[]): Promise<RedisServer> {
  const server = await startRedisServer(...settings)
  servers.push(server)
  return server
}

async function open(server: RedisServer, connect?: () => RedisClientLike): Promise<RedisLog> {
  const log = await openRedis({
    connect: connect ?? (() => new Redis(server.url, { lazyConnect: true })),
    timeoutMs: 1_000,
    startMs: 3_000,
  })
  logs.push(log)
  return log
}

afterEach(async () => {
  for (const log of logs.splice(0)) await log.dispose()
  for (const server of servers.splice(0)) await server.dispose()
})

const CLIENTS: Readonly<Record<string, (url: string) => RedisClientLike>> = {
  ioredis: (url) => new Redis(url, { lazyConnect: true }),
  redis: (url) => createClient({ url }),
}

describe('a Redis that is not fit for a log is refused in one line', () => {
  test('one that evicts', async () => {
    const server = await start('--maxmemory', '100mb', '--maxmemory-policy', 'allkeys-lru')
    await expect(open(server)).rejects.toThrow(/maxmemory-policy allkeys-lru.*set it to noeviction/)
  })

  test('one that is not there', async () => {
    const server = await start()
    await server.kill()
    await expect(open(server)).rejects.toMatchObject({
      ...UNAVAILABLE,
      message: expect.stringMatching(/cannot be reached/) as unknown,
    })
  })

  test('one that wants a password it was not given', async () => {
    const server = await start()
    await server.command('CONFIG', 'SET', 'requirepass', 'secret')
    await expect(open(server)).rejects.toMatchObject(UNAVAILABLE)
  })

  test('one that begins to evict while it is in use', async () => {
    const server = await start()
    const log = await open(server)
    await server.command('CONFIG', 'SET', 'maxmemory-policy', 'allkeys-random')
    await expect(log.driver.healthy()).rejects.toThrow(/noeviction/)
    await vi.waitFor(async () => {
      await expect(log.driver.sessions.get('a')).rejects.toThrow(/noeviction/)
    }, PATIENCE)
    await server.command('CONFIG', 'SET', 'maxmemory-policy', 'noeviction')
    await vi.waitFor(() => log.driver.healthy(), PATIENCE)
  })
})

test('E8 out of memory: an append is refused whole, what is there can be read and removed, and then it goes on', async () => {
  const server = await start()
  const log = await open(server)
  await startSession(log.driver, 'a')
  await log.driver.append({ stream: 'a', drafts: drafts(1_000, 'x', 'y'.repeat(2_000)) })
  await log.driver.append({ stream: 'a', drafts: [], enqueue: runRecord('a', 'r') })
  const lease = await log.driver.leases.claim({ owner: 'w', now: 0, ttlMs: 100 })
  await server.command('CONFIG', 'SET', 'maxmemory', '2mb')
  const refused = log.driver.append({
    stream: 'a',
    drafts: drafts(1),
    producer: { producerId: 'p', producerSeq: 1 },
    fence: { runId: 'r', fence: lease?.fence ?? 0 },
    endRun: 'r',
  })
  await expect(refused).rejects.toMatchObject({
    ...UNAVAILABLE,
    message: expect.stringMatching(/memory/) as unknown,
  })
  expect(await log.driver.head('a')).toMatchObject({ offset: 1_000 })
  expect(await log.driver.producer('a', 'p')).toBeUndefined()
  expect((await log.driver.leases.get('a', 'r'))?.phase).toBe('leased')
  expect((await log.driver.read('a', 'start', { maxEvents: 5 })).events).toHaveLength(5)
  await log.driver.leases.renew({ stream: 'a', runId: 'r', fence: lease?.fence ?? 0 }, { now: 0, ttlMs: 200 })
  await log.driver.trim('a', 990)
  await server.command('CONFIG', 'SET', 'maxmemory', '100mb')
  expect((await log.driver.append({ stream: 'a', drafts: drafts(1) })).head.offset).toBe(1_001)
})

for (const [library, connect] of Object.entries(CLIENTS)) {
  describe(`through ${library}`, () => {
    test('E5 a Redis that hangs: what waits is refused in time, and it goes on where it was', async () => {
      const server = await start()
      const log = await open(server, () => connect(server.url))
      await startSession(log.driver, 'a', 3)
      const { epoch } = await log.driver.head('a')
      server.signal('SIGSTOP')
      await expect(log.driver.append({ stream: 'a', drafts: drafts(1) })).rejects.toMatchObject(UNAVAILABLE)
      await expect(log.driver.healthy()).rejects.toMatchObject(UNAVAILABLE)
      server.signal('SIGCONT')
      await vi.waitFor(() => log.driver.healthy(), PATIENCE)
      expect((await log.driver.head('a')).epoch).toBe(epoch)
      const offsets = await offsetsOf(log.driver, 'a')
      expect(offsets).toEqual(offsets.map((_, at) => at + 1))
    })

    test('E5 a batch whose answer was lost is sent again and is there once', async () => {
      const server = await start()
      const log = await open(server, () => connect(server.url))
      await startSession(log.driver, 'a')
      for (let seq = 1; seq <= 20; seq += 1) {
        const batch = { stream: 'a', drafts: drafts(3), producer: { producerId: 'p', producerSeq: seq } }
        const first = log.driver.append(batch).catch(() => undefined)
        if (seq % 4 === 0) await server.command('CLIENT', 'KILL', 'TYPE', 'normal')
        await first
        await vi.waitFor(() => log.driver.append(batch), PATIENCE)
      }
      expect(await offsetsOf(log.driver, 'a')).toEqual(Array.from({ length: 60 }, (_, at) => at + 1))
    })

    test('scripts that the server forgot are given to it again', async () => {
      const server = await start()
      const log = await open(server, () => connect(server.url))
      await startSession(log.driver, 'a', 1)
      await server.command('SCRIPT', 'FLUSH')
      await log.driver.append({ stream: 'a', drafts: drafts(1) })
      expect(await offsetsOf(log.driver, 'a')).toEqual([1, 2])
    })
  })
}

test('E7 a trim at one node overtakes a reader at another: it resets, and is told where to begin', async () => {
  const server = await start()
  const [one, two] = [await open(server), await open(server)]
  await startSession(one.driver, 'a', 20)
  const page = await two.driver.read('a', 'start', { maxEvents: 5 })
  const from = { epoch: page.epoch, offset: 5 }
  await one.driver.trim('a', 6)
  expect((await two.driver.read('a', from)).events.at(0)?.offset).toBe(6)
  await one.driver.trim('a', 15)
  await expect(two.driver.read('a', from)).rejects.toMatchObject({ reason: 'trimmed', head: page.head })
})

test('compaction gives memory back, though what it leaves is spread thin, and moves nothing', async () => {
  const server = await start()
  const log = await open(server)
  await startSession(log.driver, 'a')
  await log.driver.append({ stream: 'a', drafts: drafts(1_000, 'x', 'y'.repeat(200)) })
  const used = async (): Promise<number> =>
    Number((await server.command('MEMORY', 'USAGE', log.keys.session('a').log, 'SAMPLES', '0')).slice(1))
  const before = await used()
  const kept = Array.from({ length: 100 }, (_, at) => at * 10 + 10)
  for (let at = 0; at < 1_000; at += 10) {
    await log.driver.compact(
      'a',
      Array.from({ length: 9 }, (_, step) => at + step + 1),
    )
  }
  expect(await used()).toBeLessThan(before / 3)
  const events = await readAll(log.driver, 'a')
  expect(events.map(({ offset, prev }) => [offset, prev])).toEqual(
    kept.map((offset) => [offset, offset - 10]),
  )
  expect(events[4]?.body).toBe(drafts(1_000, 'x', 'y'.repeat(200))[49]?.body)
  expect((await log.driver.append({ stream: 'a', drafts: drafts(1) })).head.offset).toBe(1_001)
})

describe('indexes', () => {
  test('a run that was noted and never appended is passed over', async () => {
    const server = await start()
    const log = await open(server)
    await startSession(log.driver, 'a')
    await startSession(log.driver, 'b')
    await server.command('ZADD', log.keys.queue.runs, '1', 'a ghost')
    await server.command('ZADD', log.keys.queue.runs, '2', 'none ghost')
    await log.driver.append({ stream: 'b', drafts: [], enqueue: runRecord('b', 'r') })
    const claim = { owner: 'w', now: Date.now(), ttlMs: 1_000 }
    expect((await log.driver.leases.claim(claim))?.run.runId).toBe('r')
    expect(await server.command('ZCARD', log.keys.queue.runs)).toBe(':0')
    expect(await log.driver.leases.claim(claim)).toBeUndefined()
  })

  test('a claimer that died before it claimed holds nobody up for longer than a lease', async () => {
    const server = await start()
    const log = await open(server)
    await startSession(log.driver, 'a')
    await log.driver.append({ stream: 'a', drafts: [], enqueue: runRecord('a', 'r') })
    await server.command('ZADD', log.keys.queue.leases, '1000', 'a')
    expect(await log.driver.leases.claim({ owner: 'w', now: 999, ttlMs: 100 })).toBeUndefined()
    expect((await log.driver.leases.claim({ owner: 'w', now: 1_000, ttlMs: 100 }))?.run.runId).toBe('r')
  })

  test('an owner that died is found, whatever the index says of its lease', async () => {
    const server = await start()
    const log = await open(server)
    await startSession(log.driver, 'a')
    await log.driver.append({ stream: 'a', drafts: [], enqueue: runRecord('a', 'r') })
    await log.driver.leases.claim({ owner: 'w', now: 0, ttlMs: 100 })
    await log.driver.leases.renew({ stream: 'a', runId: 'r', fence: 1 }, { now: 1_000, ttlMs: 100 })
    expect(await log.driver.leases.expired({ now: 1_099, limit: 5 })).toEqual([])
    expect(await server.command('ZSCORE', log.keys.queue.leases, 'a')).toMatch(/1100$/)
    expect(await log.driver.leases.expired({ now: 1_100, limit: 5 })).toHaveLength(1)
    await server.command('ZADD', log.keys.queue.leases, '-1', 'a')
    expect(await log.driver.leases.expired({ now: 1_100, limit: 5 })).toHaveLength(1)
  })

  test('sessions that another user holds, or that moved, are set right as the list is read', async () => {
    const server = await start()
    const log = await open(server)
    for (const id of ['a', 'b', 'c']) await log.driver.sessions.create(sessionRecord(id))
    const index = log.keys.sessionsOf('ada')
    await log.driver.sessions.create(sessionRecord('theirs', { userId: 'eve' }))
    await server.command('ZADD', index, '-9', 'theirs', '-99999', 'c', '-5', 'never')
    const { sessions } = await log.driver.sessions.list({ userId: 'ada', limit: 9 })
    expect(sessions.map(({ id }) => id)).toEqual(['a', 'b', 'c'])
    expect(await server.command('ZSCORE', index, 'theirs')).toBe('$-1')
  })

  test('what a session leaves behind lapses: ids after their time, a tombstone after its own', async () => {
    const server = await start()
    const connect = (): Redis => new Redis(server.url, { lazyConnect: true })
    const log = await openRedis({ connect, keepIdsMs: 0, tombstoneMs: 1 })
    logs.push(log)
    await startSession(log.driver, 'a')
    for (let at = 1; at <= 50; at += 1) {
      await log.driver.append({
        stream: 'a',
        drafts: drafts(1),
        producer: { producerId: `p${String(at)}`, producerSeq: 1 },
        enqueue: runRecord('a', `r${String(at)}`),
      })
      await log.driver.append({ stream: 'a', drafts: [], endRun: `r${String(at)}` })
    }
    expect(Number((await server.command('HLEN', log.keys.session('a').state)).slice(1))).toBeLessThan(40)
    expect(await readAll(log.driver, 'a')).toHaveLength(50)
    await log.driver.delete('a')
    const { state, log: events, snapshot, ages } = log.keys.session('a')
    await vi.waitFor(async () => {
      expect(await server.command('EXISTS', state, events, snapshot, ages)).toBe(':0')
    }, PATIENCE)
    expect((await log.driver.sessions.create(sessionRecord('a'))).id).toBe('a')
  })
})
