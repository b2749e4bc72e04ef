import { Redis } from 'ioredis'
import { afterEach, describe, expect, test, vi } from 'vitest'
import type { StoredEvent } from '../../log-driver.ts'
import { drafts, readAll, runRecord, sessionRecord, startSession } from '../../testing/records.ts'
import { startRedisServer, type RedisServer } from '../../testing/redis-server.ts'
import { openRedis, type RedisLog } from '../redis.ts'

const servers: RedisServer[] = []
const logs: RedisLog[] = []
const PATIENCE = { timeout: 30_000, interval: 20 }

async function start(...settings: string[]): Promise<RedisServer> {
  const server = await startRedisServer(...settings)
  servers.push(server)
  return server
}

async function open(port: () => number): Promise<RedisLog> {
  const connect = (): Redis => new Redis(port(), '127.0.0.1', { lazyConnect: true })
  const log = await openRedis({ connect, timeoutMs: 1_000 })
  logs.push(log)
  return log
}

afterEach(async () => {
  for (const log of logs.splice(0)) await log.dispose()
  for (const server of servers.splice(0)) await server.dispose()
})

/**
 * Waits until what was answered is in the file. While a sync is under way Redis of `everysec` keeps it in memory for up to
 * two seconds, and a kill takes it along.
 */
async function written(server: RedisServer): Promise<void> {
  await vi.waitFor(async () => {
    expect(await server.command('INFO', 'persistence')).toContain('aof_buffer_length:0\r\n')
  }, PATIENCE)
}

/** Waits until the log answers again. */
async function back({ driver }: RedisLog): Promise<void> {
  await vi.waitFor(() => driver.healthy(), PATIENCE)
}

const bodies = (events: readonly StoredEvent[]): string[] => events.map(({ body }) => body)

describe('a restart of Redis', () => {
  test('E1 without its files: everything is gone, a name taken again has another epoch, an old cursor resets', async () => {
    const server = await start()
    const log = await open(() => server.port)
    await startSession(log.driver, 'a', 5)
    const before = await log.driver.head('a')
    await server.kill()
    await server.restart()
    await back(log)
    await expect(log.driver.head('a')).rejects.toMatchObject({ code: 'not_found' })
    await startSession(log.driver, 'a', 5)
    const head = await log.driver.head('a')
    await expect(log.driver.read('a', before)).rejects.toMatchObject({ reason: 'epoch', head })
  })

  test('E2 with its files, of which the end may be missing: every stream has another epoch, on every node the same', async () => {
    const server = await start('--appendonly', 'yes', '--appendfsync', 'everysec')
    const [one, two] = [await open(() => server.port), await open(() => server.port)]
    await startSession(one.driver, 'a', 5)
    const events = await readAll(one.driver, 'a')
    const before = await one.driver.head('a')
    expect(await two.driver.head('a')).toEqual(before)
    await written(server)
    await server.kill()
    await server.restart()
    await Promise.all([back(one), back(two)])
    const after = await one.driver.head('a')
    expect(after).toEqual({ offset: 5, epoch: expect.not.stringContaining(before.epoch) as unknown })
    expect(await two.driver.head('a')).toEqual(after)
    await expect(one.driver.read('a', before)).rejects.toMatchObject({ reason: 'epoch', head: after })
    expect(await readAll(two.driver, 'a')).toEqual(events)
  })

  test('of one that syncs each write and has no replica: nothing can be missing, and cursors go on', async () => {
    const server = await start('--appendonly', 'yes', '--appendfsync', 'always')
    const log = await open(() => server.port)
    await startSession(log.driver, 'a', 5)
    const before = await log.driver.head('a')
    await server.kill()
    await server.restart()
    await back(log)
    expect(await log.driver.head('a')).toEqual(before)
    const { head } = await log.driver.append({ stream: 'a', drafts: drafts(1) })
    expect(head).toEqual({ epoch: before.epoch, offset: 6 })
  })

  test('of one that synced each write, and does so no longer: another epoch', async () => {
    const server = await start('--appendonly', 'yes', '--appendfsync', 'always')
    const log = await open(() => server.port)
    await startSession(log.driver, 'a', 1)
    const { epoch } = await log.driver.head('a')
    await server.kill()
    await server.restart('--appendfsync', 'no')
    await back(log)
    expect((await log.driver.head('a')).epoch).not.toBe(epoch)
  })
})

test('E2 failover to a stale replica: a cursor of what it never got resets, even when its offset is there again', async () => {
  const sync = ['--appendonly', 'yes', '--appendfsync', 'always', '--repl-diskless-sync-delay', '0']
  const master = await start(...sync)
  const replica = await start(...sync, '--replicaof', '127.0.0.1', String(master.port))
  let port = master.port
  const log = await open(() => port)
  await startSession(log.driver, 'a', 3)
  await vi.waitFor(async () => {
    expect(await replica.command('EXISTS', log.keys.session('a').log)).toBe(':1')
    expect(await replica.command('XLEN', log.keys.session('a').log)).toBe(':3')
  }, PATIENCE)
  // Cut off from its master, it keeps what it has.
  await replica.command('REPLICAOF', '127.0.0.1', '1')
  const lost = await log.driver.append({ stream: 'a', drafts: drafts(2, 'lost') })
  expect(lost.head.offset).toBe(5)
  await master.kill()
  expect(await replica.command('REPLICAOF', 'NO', 'ONE')).toBe('+OK')
  port = replica.port
  await back(log)
  const other = await log.driver.append({ stream: 'a', drafts: drafts(2, 'other') })
  expect(other.head.offset).toBe(5)
  expect(other.head.epoch).not.toBe(lost.head.epoch)
  await expect(log.driver.read('a', lost.head)).rejects.toMatchObject({ reason: 'epoch', head: other.head })
  expect(bodies(await readAll(log.driver, 'a'))).toEqual(
    bodies([...toEvents(3, 'x'), ...toEvents(2, 'other')]),
  )
})

test('E2 a replica that was looked at as if it were the one that takes writes is refused until it does', async () => {
  const master = await start()
  const replica = await start('--replicaof', '127.0.0.1', String(master.port))
  await expect(open(() => replica.port)).rejects.toMatchObject({
    message: expect.stringMatching(/is a replica/) as unknown,
  })
  let port = master.port
  const log = await open(() => port)
  await startSession(log.driver, 'a', 1)
  await master.kill()
  port = replica.port
  await vi.waitFor(async () => {
    await expect(log.driver.head('a')).rejects.toThrow(/is a replica/)
  }, PATIENCE)
})

test('E1 a master that becomes a replica under an open connection is left at its first refusal', async () => {
  const [first, second] = [await start(), await start()]
  let port = first.port
  const log = await open(() => port)
  await startSession(log.driver, 'a', 2)
  const { epoch } = await log.driver.head('a')
  await second.command('REPLICAOF', '127.0.0.1', String(first.port))
  await vi.waitFor(async () => {
    expect(await second.command('EXISTS', log.keys.session('a').log)).toBe(':1')
  }, PATIENCE)
  await second.command('REPLICAOF', 'NO', 'ONE')
  await first.command('REPLICAOF', '127.0.0.1', String(second.port))
  port = second.port
  await expect(log.driver.append({ stream: 'a', drafts: drafts(1) })).rejects.toMatchObject({ status: 503 })
  await back(log)
  expect((await log.driver.head('a')).epoch).not.toBe(epoch)
  expect((await log.driver.append({ stream: 'a', drafts: drafts(1) })).head.offset).toBe(3)
})

test('E1 FLUSHALL under open connections: nothing of before goes on, and every node agrees on what comes', async () => {
  const server = await start()
  const [one, two] = [await open(() => server.port), await open(() => server.port)]
  await startSession(one.driver, 'a', 5)
  const before = await one.driver.head('a')
  await server.command('FLUSHALL')
  await expect(two.driver.read('a', before)).rejects.toMatchObject({ code: 'not_found' })
  await startSession(one.driver, 'a', 7)
  await expect(two.driver.read('a', before)).rejects.toMatchObject({ reason: 'epoch' })
  await vi.waitFor(async () => {
    expect(await two.driver.head('a')).toEqual(await one.driver.head('a'))
  }, PATIENCE)
})

describe('E1 one key lost', () => {
  const world = async (): Promise<{ server: RedisServer; log: RedisLog }> => {
    const server = await start()
    const log = await open(() => server.port)
    await startSession(log.driver, 'a', 5)
    await log.driver.append({
      stream: 'a',
      drafts: drafts(1),
      producer: { producerId: 'p', producerSeq: 1 },
      enqueue: runRecord('a', 'r'),
    })
    await log.driver.saveSnapshot('a', {
      position: await log.driver.head('a'),
      reducerVersion: 1,
      state: '{}',
    })
    return { server, log }
  }

  test('the events: the stream begins anew, without what spoke of them, and readers reset', async () => {
    const { server, log } = await world()
    const before = await log.driver.head('a')
    await server.command('DEL', log.keys.session('a').log)
    await expect(log.driver.read('a', before)).rejects.toMatchObject({ reason: 'epoch', head: { offset: 0 } })
    expect(await log.driver.loadSnapshot('a')).toBeUndefined()
    expect(await log.driver.producer('a', 'p')).toBeUndefined()
    expect((await log.driver.leases.get('a', 'r'))?.phase).toBe('queued')
    expect((await log.driver.append({ stream: 'a', drafts: drafts(1, 'new') })).head.offset).toBe(1)
    expect(bodies(await readAll(log.driver, 'a'))).toEqual(bodies(toEvents(1, 'new')))
  })

  test('the state: the session is unknown, and its name taken again finds nothing of before', async () => {
    const { server, log } = await world()
    await server.command('DEL', log.keys.session('a').state)
    await expect(log.driver.head('a')).rejects.toMatchObject({ code: 'not_found' })
    await log.driver.sessions.create(sessionRecord('a'))
    expect(await readAll(log.driver, 'a')).toEqual([])
    expect(await log.driver.loadSnapshot('a')).toBeUndefined()
    expect(await log.driver.leases.claim({ owner: 'w', now: 0, ttlMs: 1 })).toBeUndefined()
  })

  test('the generation: written again, the same on every node, for no event is missing', async () => {
    const { server, log } = await world()
    const other = await open(() => server.port)
    const before = await log.driver.head('a')
    await server.command('DEL', log.keys.generation)
    await Promise.all([log.driver.healthy(), other.driver.healthy()])
    expect(await log.driver.head('a')).toEqual(before)
    expect(await other.driver.head('a')).toEqual(before)
  })

  test('the generation, while nobody was there to know it: another one', async () => {
    const { server, log } = await world()
    const before = await log.driver.head('a')
    await log.dispose()
    await server.command('DEL', log.keys.generation)
    const next = await open(() => server.port)
    await expect(next.driver.read('a', before)).rejects.toMatchObject({ reason: 'epoch' })
  })

  test('the index of a user, of the queue or of the leases: mended by the next use, never in the way', async () => {
    const { server, log } = await world()
    await server.command('DEL', log.keys.sessionsOf('ada'), log.keys.queue.leases)
    await log.driver.sessions.update('a', { updatedAt: 5_000 })
    const { sessions } = await log.driver.sessions.list({ userId: 'ada', limit: 5 })
    expect(sessions.map(({ id }) => id)).toEqual(['a'])
    const lease = await log.driver.leases.claim({ owner: 'w', now: 0, ttlMs: 10 })
    expect(lease?.run.runId).toBe('r')
  })
})

function toEvents(count: number, label: string): StoredEvent[] {
  return drafts(count, label).map((draft, at) => ({ offset: at + 1, ...draft }))
}
