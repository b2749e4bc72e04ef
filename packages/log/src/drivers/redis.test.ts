import { Redis } from 'ioredis'
import { createClient } from 'redis'
import { afterAll, beforeAll, expect, vi } from 'vitest'
import { testLogDriver } from '../testing/driver-suite.ts'
import { startRedisServer, type RedisServer } from '../testing/redis-server.ts'
import { openRedis, type RedisClientLike } from './redis.ts'

let server: RedisServer
let cluster: RedisServer
let prefixes = 0

beforeAll(async () => {
  server = await startRedisServer('--appendonly', 'yes')
  cluster = await startRedisServer('--cluster-enabled', 'yes')
  await cluster.command('CLUSTER', 'ADDSLOTSRANGE', '0', '16383')
  await vi.waitFor(async () => {
    expect(await cluster.command('CLUSTER', 'INFO')).toContain('cluster_state:ok')
  }, 10_000)
})

afterAll(async () => {
  await server.dispose()
  await cluster.dispose()
})

const CLIENTS: Readonly<Record<string, () => RedisClientLike>> = {
  ioredis: () => new Redis(server.url, { lazyConnect: true }),
  redis: () => createClient({ url: server.url }),
  // One that refuses whatever touches two slots.
  'ioredis, on a cluster of one': () => new Redis(cluster.url, { lazyConnect: true }),
}

for (const [library, connect] of Object.entries(CLIENTS)) {
  testLogDriver(`redis, through ${library}`, () => {
    const prefix = `test${String((prefixes += 1))}`
    return Promise.resolve({
      open: async () => (await openRedis({ connect, prefix })).driver,
      destroy: () => Promise.resolve(),
    })
  })
}
