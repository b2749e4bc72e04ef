import { Redis } from 'ioredis'
import { createClient } from 'redis'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import type { Hint } from '../backplane.ts'
import { openRedis, createRedisBackplane, type RedisClientLike, type RedisLog } from '../drivers/redis.ts'
import { testBackplane } from '../testing/backplane-suite.ts'
import { drafts, sessionRecord } from '../testing/records.ts'
import { startRedisServer, type RedisServer } from '../testing/redis-server.ts'

/** Of a real process, on a machine that has other things to do. */
const PATIENCE = { timeout: 30_000 }

let server: RedisServer
let names = 0

beforeAll(async () => {
  server = await startRedisServer()
})

afterAll(() => server.dispose())

const CLIENTS: Readonly<Record<string, () => RedisClientLike>> = {
  ioredis: () => new Redis(server.url, { lazyConnect: true }),
  redis: () => createClient({ url: server.url }),
}

async function openPair(connect: () => RedisClientLike): Promise<[RedisLog, RedisLog]> {
  const prefix = `pair${String((names += 1))}`
  return [await openRedis({ connect, prefix }), await openRedis({ connect, prefix })]
}

for (const [library, connect] of Object.entries(CLIENTS)) {
  testBackplane(`redis, through ${library}`, async () => {
    const logs = await openPair(connect)
    const channel = `channel${String(names)}`
    const [a, b] = await Promise.all(
      logs.map(async ({ link }) => {
        const publish = (to: string, message: string): Promise<void> => link.publish(to, message)
        const node = crypto.randomUUID()
        const options = { connect, publish, channel, node, growthIsTold: false, timeoutMs: 5_000 }
        const backplane = createRedisBackplane(options)
        await backplane.ready(5_000)
        return backplane
      }),
    )
    if (a === undefined || b === undefined) throw new Error('there are two')
    return {
      a,
      b,
      async destroy() {
        await Promise.all([a.close(), b.close(), ...logs.map((log) => log.dispose())])
      },
    }
  })
}

/** Two nodes on one log, and what the second one hears. */
async function openListening(): Promise<{ a: RedisLog; b: RedisLog; heard: Hint[]; close(): Promise<void> }> {
  const [a, b] = await openPair(() => new Redis(server.url, { lazyConnect: true }))
  const heard: Hint[] = []
  b.backplane.subscribe((hint) => heard.push(hint))
  return {
    a,
    b,
    heard,
    async close() {
      await Promise.all([a.dispose(), b.dispose()])
    },
  }
}

describe('what an append tells the other nodes', () => {
  test('its events and its place, in the step that appends', async () => {
    const { a, b, heard, close } = await openListening()
    await a.driver.sessions.create(sessionRecord('s'))
    const bodies = ['{"data":"é \u{1f600} \u2028"}', '{}']
    const { head, events } = await a.driver.append({
      stream: 's',
      drafts: bodies.map((body) => ({ type: 'said', body })),
    })
    await vi.waitFor(() => {
      expect(heard).toEqual([{ kind: 'grew', stream: 's', head, events }])
    }, PATIENCE)
    expect(await b.driver.head('s')).toEqual(head)
    await close()
  })

  test('its place alone when it is long, or when a body spans lines', async () => {
    const { a, heard, close } = await openListening()
    await a.driver.sessions.create(sessionRecord('s'))
    const long = await a.driver.append({ stream: 's', drafts: drafts(2, 'x', 'y'.repeat(40_000)) })
    const lines = await a.driver.append({ stream: 's', drafts: [{ type: 'said', body: '{\n}' }] })
    await vi.waitFor(() => {
      expect(heard).toEqual([
        { kind: 'grew', stream: 's', head: long.head },
        { kind: 'grew', stream: 's', head: lines.head },
      ])
    }, PATIENCE)
    await close()
  })

  test('nothing, when it was a repeat or refused', async () => {
    const { a, heard, close } = await openListening()
    await a.driver.sessions.create(sessionRecord('s'))
    const batch = { stream: 's', drafts: drafts(1), producer: { producerId: 'p', producerSeq: 1 } }
    await a.driver.append(batch)
    await a.driver.append(batch)
    await expect(
      a.driver.append({ ...batch, endRun: 'none', producer: undefined as never }),
    ).rejects.toThrow()
    await a.backplane.publish({ kind: 'closed', stream: 's' })
    await vi.waitFor(() => {
      expect(heard.map(({ kind }) => kind)).toEqual(['grew', 'closed'])
    }, PATIENCE)
    await close()
  })
})

test('E4 a subscription that the server cuts is made again, and who waits for runs is woken', async () => {
  const { a, heard, close } = await openListening()
  expect(await server.command('CLIENT', 'KILL', 'TYPE', 'pubsub')).toMatch(/^:[1-9]/)
  await vi.waitFor(() => {
    expect(heard).toContainEqual({ kind: 'queued' })
  }, PATIENCE)
  await a.backplane.publish({ kind: 'closed', stream: 's' })
  await vi.waitFor(() => {
    expect(heard).toContainEqual({ kind: 'closed', stream: 's' })
  }, PATIENCE)
  await close()
})

test('a message of something else on the channel is none', async () => {
  const { a, heard, close } = await openListening()
  const channel = a.keys.channel
  for (const message of [
    '',
    'hint',
    'hint x {',
    'hint x {"kind":"no"}',
    'grew',
    'grew x s g b NaN',
    'hi y',
  ]) {
    await server.command('PUBLISH', channel, message)
  }
  await a.backplane.publish({ kind: 'queued' })
  await vi.waitFor(() => {
    expect(heard).toEqual([{ kind: 'queued' }])
  }, PATIENCE)
  await close()
})
