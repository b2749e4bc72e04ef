import { Redis } from 'ioredis'
import { createClient } from 'redis'
import { afterAll, beforeAll } from 'vitest'
import { testLogDriver } from '../testing/driver-suite.ts'
import { startRedisCluster, type RedisCluster } from '../testing/redis-cluster.ts'
import { startRedisServer, type RedisServer } from '../testing/redis-server.ts'
import { openRedis, type RedisConnect } from './redis.ts'

let server: RedisServer
let cluster: RedisCluster
let prefixes = 0

beforeAll(async () => {
  server = await startRedisServer('--appendonly', 'yes')
  cluster = await startRedisCluster()
})

afterAll(async () => {
  await server.dispose()
  await cluster.dispose()
})

const CLIENTS: Readonly<Record<string, RedisConnect>> = {
  ioredis: () => new Redis(server.url, { lazyConnect: true }),
  redis: () => createClient({ url: server.url }),
  // Which refuses whatever touches two slots, and has each session at one of three servers.
  'ioredis, on a cluster of three masters': (at) => new Redis(cluster.urlOf(at), { lazyConnect: true }),
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
