import { openRedis, type RedisLog } from '@throughline/log/redis'
import { startRedisServer, type RedisServer } from '@throughline/log/testing/redis-server'
import { Redis } from 'ioredis'
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { createConnectionLimits } from '../../gate/connection-limits.ts'
import { createSharedConnections, type SharedConnections } from './shared-connections.ts'
import { createSharedRate } from './shared-rate.ts'

/** Of a real process, on a machine that has other things to do. */
const PATIENCE = { timeout: 30_000 }

let server: RedisServer
let log: RedisLog
let user: string
let users = 0

beforeAll(async () => {
  server = await startRedisServer()
  log = await openRedis({ connect: () => new Redis(server.url, { lazyConnect: true }), timeoutMs: 1_000 })
})

afterAll(async () => {
  await log.dispose()
  await server.dispose()
})

beforeEach(() => {
  user = `user ${String((users += 1))} {é}`
})

function nodeOf(node: string, options: { lapseMs?: number; total?: number } = {}): SharedConnections {
  const own = createConnectionLimits({ perUser: 0, total: options.total ?? 0, perAddress: 0 })
  const { lapseMs = 30_000 } = options
  const { link, keys } = log
  return createSharedConnections({ link, keys, node, own, perUser: 3, perAddress: 4, lapseMs })
}

describe('connections of a user over all nodes', () => {
  test('A8 are counted together; at the cap the new one is refused, a place given back is free on every node', async () => {
    const [a, b] = [nodeOf('a'), nodeOf('b')]
    const places = [
      await a.take({ userId: user }),
      await b.take({ userId: user }),
      await b.take({ userId: user }),
    ]
    expect(places.every((place) => place !== undefined)).toBe(true)
    expect(await a.take({ userId: user })).toBeUndefined()
    expect(await b.take({ userId: user })).toBeUndefined()
    expect([a.count(), b.count()]).toEqual([1, 2])
    expect(await a.take({ userId: `${user} other` })).toBeDefined()
    places[1]?.()
    places[1]?.()
    await vi.waitFor(async () => {
      expect(await a.take({ userId: user })).toBeDefined()
    }, PATIENCE)
    expect(await a.take({ userId: user })).toBeUndefined()
    await Promise.all([a.close(), b.close()])
  })

  test('that are taken at once never pass the cap', async () => {
    const nodes = [nodeOf('a'), nodeOf('b'), nodeOf('c')]
    const takes = nodes.flatMap((node) => Array.from({ length: 5 }, () => node.take({ userId: user })))
    const taken = (await Promise.all(takes)).filter((place) => place !== undefined)
    expect(taken.length).toBeLessThanOrEqual(3)
    expect(taken.length).toBeGreaterThan(0)
    await Promise.all(nodes.map((node) => node.close()))
  })

  test('of a node that died lapse, those of one that lives do not', async () => {
    // Longer than a busy machine keeps them from saying that they live.
    const [dead, alive] = [nodeOf('dead', { lapseMs: 3_000 }), nodeOf('alive', { lapseMs: 3_000 })]
    for (const node of [dead, dead, alive]) expect(await node.take({ userId: user })).toBeDefined()
    expect(await alive.take({ userId: user })).toBeUndefined()
    // As a crash leaves it: nothing is said of it any longer, and nothing was given back.
    await server.command('HSET', log.keys.connectionsOf(user), 'dead', '2 1')
    expect(await alive.take({ userId: user })).toBeDefined()
    const said = await server.command('HGET', log.keys.connectionsOf(user), 'alive')
    await vi.waitFor(async () => {
      const now = await server.command('HGET', log.keys.connectionsOf(user), 'alive')
      expect(now).not.toBe(said)
      expect(now).toContain('2 ')
    }, PATIENCE)
    await Promise.all([dead.close(), alive.close()])
  })

  test('a node that is full for itself takes nothing from the user, and workers count nowhere else', async () => {
    const node = nodeOf('full', { total: 1 })
    expect(await node.take({})).toBeDefined()
    expect(await node.take({ userId: user })).toBeUndefined()
    expect(await server.command('EXISTS', log.keys.connectionsOf(user))).toBe(':0')
    await node.close()
  })

  test('while Redis does not answer are refused with 503, and leave no place behind', async () => {
    const broken = await startRedisServer()
    const connect = (): Redis => new Redis(broken.url, { lazyConnect: true })
    const other = await openRedis({ connect, timeoutMs: 3_000 })
    const own = createConnectionLimits({ perUser: 0 })
    const { link, keys } = other
    const node = createSharedConnections({ link, keys, node: 'n', own, perUser: 3, perAddress: 3 })
    await broken.kill()
    await expect(node.take({ userId: user })).rejects.toMatchObject({ status: 503 })
    expect(node.count()).toBe(0)
    await node.close()
    await other.dispose()
    await broken.dispose()
  })
})

describe('connections from an address over all nodes', () => {
  test('A8 are counted together, whoever opens them; one that is refused takes no place of its user', async () => {
    const [a, b] = [nodeOf('a'), nodeOf('b')]
    const address = `198.51.100.${String(users)}`
    const places = [
      await a.take({ userId: user, address }),
      await b.take({ userId: `${user} other`, address }),
      await a.take({ address }),
      await b.take({ address }),
    ]
    expect(places.every((place) => place !== undefined)).toBe(true)
    expect(await a.take({ userId: user, address })).toBeUndefined()
    expect(await b.take({ address })).toBeUndefined()
    expect(await b.take({ userId: user, address: `2001:db8::${String(users)}` })).toBeDefined()
    // Two of three are taken: the refused one has left no trace.
    await vi.waitFor(async () => {
      expect(await server.command('HGET', log.keys.connectionsOf(user), 'a')).toContain('1 ')
    }, PATIENCE)
    expect(await a.take({ userId: user })).toBeDefined()
    places[2]?.()
    await vi.waitFor(async () => {
      expect(await b.take({ address })).toBeDefined()
    }, PATIENCE)
    await Promise.all([a.close(), b.close()])
  })
})

describe('calls of a caller over all nodes', () => {
  test('pass as a burst, then wait for the next one to be free, each caller for itself', async () => {
    const rate = (): ReturnType<typeof createSharedRate> =>
      createSharedRate({ link: log.link, keyOf: (caller) => log.keys.rateOf('test', caller), perMinute: 6 })
    const [a, b] = [rate(), rate()]
    const waits = await Promise.all([a, b, a, b, a, b].map((node) => node.take(user)))
    expect(waits).toEqual([0, 0, 0, 0, 0, 0])
    const wait = await a.take(user)
    expect(wait).toBeGreaterThan(0)
    expect(wait).toBeLessThanOrEqual(10_000)
    expect(await b.take(`${user} other`)).toBe(0)
    expect(await server.command('PTTL', log.keys.rateOf('test', user))).toMatch(/^:[1-9]/)
  })

  test('may come more at once than in a minute, where that is given', async () => {
    const keyOf = (caller: string): string => log.keys.rateOf('seldom', caller)
    const rate = createSharedRate({ link: log.link, keyOf, perMinute: 0.1, burst: 3 })
    expect([await rate.take(user), await rate.take(user), await rate.take(user)]).toEqual([0, 0, 0])
    // The bucket is kept until it is full again, and not for a minute.
    expect(await rate.take(user)).toBeGreaterThan(500_000)
    expect(await server.command('PTTL', keyOf(user))).toMatch(/^:1[78]\d{5}/)
  })

  test('without a limit cost nothing', async () => {
    const rate = createSharedRate({ link: log.link, keyOf: () => 'never', perMinute: 0 })
    expect(await rate.take(user)).toBe(0)
    expect(await server.command('EXISTS', 'never')).toBe(':0')
  })
})
