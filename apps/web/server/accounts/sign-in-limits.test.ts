import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startRedisServer } from '@throughline/log/testing/redis-server'
import { readConfig, silentLogger } from '@throughline/server'
import { openEngine } from '@throughline/server/bin'
import { expect, test } from 'vitest'
import { openDatabase } from '../database/open-database.ts'
import { createPeople } from '../people.ts'
import { startAppService, type AppService } from '../testing/app-service.ts'
import { quickHashing } from '../testing/quick-hashing.ts'

test('A8 tries on one account are counted over all nodes that share a Redis', async () => {
  const redis = await startRedisServer()
  const dataDir = await mkdtemp(join(tmpdir(), 'throughline-tries-'))
  const database = await openDatabase({ dataDir, logger: silentLogger })
  const startNode = async (): Promise<AppService> => {
    const engine = await openEngine(readConfig({ REDIS_URL: redis.url, RATE_LIMIT_PER_MINUTE: '0' }))
    const common = { database, hashing: quickHashing, env: {}, logger: silentLogger }
    return startAppService((parts, keys) => createPeople({ ...common, keys, parts }).routes, {}, engine)
  }
  const nodes = [await startNode(), await startNode()]
  try {
    const body = { email: 'ada@example.org', password: 'guessed wrongly' }
    // Each node for itself would let its half through.
    const tries = nodes.flatMap((node, at) =>
      Array.from({ length: 9 }, (_, index) => {
        const person = node.person()
        person.from(`198.51.100.${String(at * 10 + index)}`)
        return person.call('POST', '/api/auth/sign-in', body)
      }),
    )
    const statuses = (await Promise.all(tries)).map(({ status }) => status)
    expect(statuses.filter((status) => status === 401).length).toBeGreaterThanOrEqual(10)
    expect(statuses).toContain(429)
    expect(statuses.every((status) => status === 401 || status === 429)).toBe(true)
  } finally {
    for (const node of nodes) await node.close()
    await database.close()
    await redis.dispose()
    await rm(dataDir, { recursive: true, force: true })
  }
})
