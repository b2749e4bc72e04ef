import { Redis } from 'ioredis'
import { createClient } from 'redis'
import { afterAll, beforeAll } from 'vitest'
import { testLogDriver } from '../testing/driver-suite.ts'
import { startRedisServer, type RedisServer } from '../testing/redis-server.ts'
import { openRedis, type RedisClientLike } from './redis.ts'

let server: RedisServer
let prefixes = 0

beforeAll(async () => {
  server = await startRedisServer('--appendonly', 'yes')
})

afterAll(() => server.dispose())

const CLIENTS: Readonly<Record<string, () => RedisClientLike>> = {
  ioredis: () => new Redis(server.url, { lazyConnect: true }),
  redis: () => createClient({ url: server.url }),
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
