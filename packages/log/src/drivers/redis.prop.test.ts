import { Redis } from 'ioredis'
import { afterAll, beforeAll } from 'vitest'
import { testAgainstMemory } from '../testing/driver-model.ts'
import { startRedisServer, type RedisServer } from '../testing/redis-server.ts'
import { openRedis } from './redis.ts'

let server: RedisServer
let prefixes = 0

beforeAll(async () => {
  server = await startRedisServer()
})

afterAll(() => server.dispose())

testAgainstMemory('redis', () => {
  const prefix = `model${String((prefixes += 1))}`
  return Promise.resolve({
    open: async () =>
      (await openRedis({ connect: () => new Redis(server.url, { lazyConnect: true }), prefix })).driver,
    destroy: () => Promise.resolve(),
  })
})
