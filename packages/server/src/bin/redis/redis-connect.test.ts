import { openRedis, type RedisLog } from '@throughline/log/redis'
import { startRedisCluster } from '@throughline/log/testing/redis-cluster'
import { startWatchedRedis } from '@throughline/log/testing/redis-sentinel'
import { startRedisServer } from '@throughline/log/testing/redis-server'
import { expect, test, vi } from 'vitest'
import { readConfig } from '../../config/config.ts'
import { openEngine } from '../open-engine.ts'
import { placesOf, redisConnect } from './redis-connect.ts'

const PATIENCE = { timeout: 30_000, interval: 50 }

const event = (data: string): { type: string; body: string } => ({
  type: 'told',
  body: JSON.stringify({ data }),
})

async function startSession({ driver }: Pick<RedisLog, 'driver'>, id: string): Promise<void> {
  const record = { id, userId: 'ada', title: '', renamed: false, archived: false, deletedAt: null }
  await driver.sessions.create({ ...record, createdAt: 1, updatedAt: 1 })
}

test('E2 Sentinel puts a stale replica in the place of a dead master: what it never got is gone, and cursors reset', async () => {
  const redis = await startWatchedRedis('--appendonly', 'yes', '--appendfsync', 'always')
  const log = await openRedis({
    connect: redisConnect(`redis+sentinel://127.0.0.1:${String(redis.sentinel.port)}/${redis.name}`),
    timeoutMs: 2_000,
  })
  try {
    await startSession(log, 'a')
    await log.driver.append({ stream: 'a', drafts: [event('kept')] })
    await vi.waitFor(async () => {
      expect(await redis.replica.command('XLEN', log.keys.session('a').log)).toBe(':1')
    }, PATIENCE)
    await redis.cutReplica()
    const lost = await log.driver.append({ stream: 'a', drafts: [event('lost'), event('lost, too')] })
    await redis.failOver()
    await vi.waitFor(() => log.driver.healthy(), PATIENCE)
    const other = await log.driver.append({ stream: 'a', drafts: [event('instead'), event('of it')] })
    expect(other.head.offset).toBe(lost.head.offset)
    await expect(log.driver.read('a', lost.head)).rejects.toMatchObject({ reason: 'epoch', head: other.head })
    const { events } = await log.driver.read('a', 'start')
    expect(events.map(({ body }) => body)).toEqual(
      ['kept', 'instead', 'of it'].map((data) => JSON.stringify({ data })),
    )
  } finally {
    await log.dispose()
    await redis.dispose()
  }
}, 90_000)

test('a cluster of which any host is named serves streams, logins’ counts and limits from all of its masters', async () => {
  const cluster = await startRedisCluster()
  const gone = await startRedisServer()
  await gone.kill()
  const hosts = [gone, ...cluster.masters].map(({ port }) => `127.0.0.1:${String(port)}`)
  const engine = await openEngine(readConfig({ REDIS_URL: `redis://${hosts.join(',')}` }))
  try {
    expect(engine.summary).toContain(hosts.join(', '))
    for (let at = 0; at < 10; at += 1) {
      const id = `s${String(at)}`
      await startSession(engine, id)
      expect((await engine.driver.append({ stream: id, drafts: [event(id)] })).head.offset).toBe(1)
      const owner = { userId: id, address: `198.51.100.${String(at)}` }
      const place = await engine.limits?.connections.take(owner)
      expect(place).toBeDefined()
      place?.()
      expect(await engine.limits?.commands.take(id)).toBe(0)
    }
    const { sessions } = await engine.driver.sessions.list({ userId: 'ada', limit: 20 })
    expect(sessions).toHaveLength(10)
    expect(Math.abs((engine.now?.() ?? 0) - Date.now())).toBeLessThan(10_000)
  } finally {
    await engine.driver.dispose()
    await cluster.dispose()
    await gone.dispose()
  }
}, 60_000)

test('credentials are not shown', () => {
  expect(placesOf('redis://ada:secret@a:1,b:2')).toBe('a:1, b:2')
})
