import { Redis } from 'ioredis'
import { createClient } from 'redis'
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest'
import type { Hint } from '../../backplane.ts'
import { drafts, readAll, runRecord, startSession } from '../../testing/records.ts'
import { startRedisCluster, type RedisCluster } from '../../testing/redis-cluster.ts'
import { openRedis, type RedisConnect, type RedisLog } from '../redis.ts'
import { slotOf } from './slots.ts'

const PATIENCE = { timeout: 30_000, interval: 20 }
const UNAVAILABLE = { code: 'server_error', status: 503 }
const NAMES = Array.from({ length: 12 }, (_, at) => `s${String(at)}`)

let cluster: RedisCluster
const logs: RedisLog[] = []
let prefixes = 0
let prefix = ''

const CLIENTS: Readonly<Record<string, RedisConnect>> = {
  ioredis: (at) => new Redis(cluster.urlOf(at), { lazyConnect: true }),
  redis: (at) => createClient({ url: cluster.urlOf(at) }),
}

/** A node; all of a test share a log. */
async function open(connect: RedisConnect = CLIENTS['ioredis'] as RedisConnect): Promise<RedisLog> {
  const log = await openRedis({ connect, prefix, timeoutMs: 2_000 })
  logs.push(log)
  return log
}

/** Names of sessions by the port of the master that has them. */
async function byMaster(log: RedisLog): Promise<Map<number, string[]>> {
  const found = new Map<number, string[]>()
  for (const name of NAMES) {
    const { port } = await cluster.masterOf(log.keys.session(name).state)
    found.set(port, [...(found.get(port) ?? []), name])
  }
  return found
}

const slotOfSession = (log: RedisLog, name: string): number => slotOf(log.keys.session(name).state)

beforeAll(async () => {
  cluster = await startRedisCluster(3, '--appendonly', 'yes', '--appendfsync', 'no')
}, 60_000)

afterAll(() => cluster.dispose())

afterEach(async () => {
  for (const log of logs.splice(0)) await log.dispose()
  prefix = ''
})

function begin(): void {
  prefix = `cluster${String((prefixes += 1))}`
}

for (const [library, connect] of Object.entries(CLIENTS)) {
  test(`E6 sessions lie on every master, and what is appended at one node is heard at another, through ${library}`, async () => {
    begin()
    const [one, two] = [await open(connect), await open(connect)]
    expect(new Set((await byMaster(one)).keys()).size).toBe(3)
    const heard: Hint[] = []
    two.backplane.subscribe((hint) => heard.push(hint))
    for (const name of NAMES) await startSession(one.driver, name, 2)
    await vi.waitFor(() => {
      expect(heard.filter(({ kind }) => kind === 'grew')).toHaveLength(NAMES.length)
    }, PATIENCE)
    for (const name of NAMES) {
      const head = await two.driver.head(name)
      expect(heard).toContainEqual(expect.objectContaining({ kind: 'grew', stream: name, head }))
    }
    const generations = NAMES.map(async (name) => (await two.driver.head(name)).epoch.slice(6))
    expect(new Set(await Promise.all(generations)).size).toBe(3)
  })
}

describe('a session that moves to another master', () => {
  test('R5 while it is written to: every batch is there once, in order, under another epoch from then on', async () => {
    begin()
    const [writer, reader] = [await open(), await open()]
    await startSession(writer.driver, 'moved', 3)
    const before = await reader.driver.head('moved')
    const from = await cluster.masterOf(writer.keys.session('moved').state)
    const to = cluster.masters.find((master) => master !== from)
    if (to === undefined) throw new Error('there are three')

    let [sent, isOver] = [0, false]
    const writing = (async () => {
      while (!isOver) {
        const batch = {
          producer: { producerId: 'p', producerSeq: (sent += 1) },
          drafts: drafts(1, `w${String(sent)}-`),
        }
        await writer.driver.append({ stream: 'moved', ...batch })
      }
    })()
    // Keys go one by one: in between, some of the session are here and some are there.
    await startSession(reader.driver, 'elsewhere')
    await cluster.move(slotOfSession(writer, 'moved'), to, async () => {
      for (let call = 0; call < 10; call += 1) await reader.driver.head('elsewhere')
    })
    const moved = sent
    await vi.waitFor(() => expect(sent).toBeGreaterThan(moved + 5), PATIENCE)
    isOver = true
    await writing

    const after = await reader.driver.head('moved')
    expect(after.offset).toBe(3 + sent)
    expect(after.epoch.slice(0, 6)).toBe(before.epoch.slice(0, 6))
    expect(after.epoch).not.toBe(before.epoch)
    await expect(reader.driver.read('moved', before)).rejects.toMatchObject({ reason: 'epoch', head: after })
    const bodies = (await readAll(reader.driver, 'moved')).map(({ body }) => body)
    expect(bodies.slice(3)).toEqual(
      Array.from({ length: sent }, (_, at) => drafts(1, `w${String(at + 1)}-`)[0]?.body),
    )
    await cluster.move(slotOfSession(writer, 'moved'), from)
  })

  test('R6 keeps its events when it is compacted just then, when no key can be made, and the order of calls that wait', async () => {
    begin()
    const log = await open()
    await startSession(log.driver, 'torn', 200)
    // So that all of its keys are there: a session that lacks one waits for the end of the move.
    await log.driver.append({ stream: 'torn', drafts: [], producer: { producerId: 'p', producerSeq: 1 } })
    const position = await log.driver.head('torn')
    await log.driver.saveSnapshot('torn', { position, reducerVersion: 1, state: '{}' })
    const from = await cluster.masterOf(log.keys.session('torn').state)
    const to = cluster.masters.find((master) => master !== from)
    if (to === undefined) throw new Error('there are three')
    const calls: Promise<unknown>[] = []
    await cluster.move(slotOfSession(log, 'torn'), to, async (moved) => {
      if (moved === 0) {
        const gone = Array.from({ length: 150 }, (_, at) => at + 1)
        await log.driver.compact('torn', gone)
        expect((await readAll(log.driver, 'torn')).map(({ offset }) => offset)).toEqual(
          Array.from({ length: 50 }, (_, at) => at + 151),
        )
      }
      for (let turn = 0; turn < 5; turn += 1) {
        const body = `{"data":${String(calls.length)}}`
        calls.push(log.driver.append({ stream: 'torn', drafts: [{ type: 'counted', body }] }))
      }
    })
    await Promise.all(calls)
    const bodies = (await readAll(log.driver, 'torn')).map(({ body }) => body)
    expect(bodies.slice(50)).toEqual(calls.map((_, at) => `{"data":${String(at)}}`))
    await cluster.move(slotOfSession(log, 'torn'), from)
  })
})

describe('a master that dies', () => {
  test('E1 its sessions are refused, the others go on; without its tail it is another epoch for its own alone', async () => {
    begin()
    const [log, other] = [await open(), await open()]
    for (const name of NAMES) await startSession(log.driver, name, 3)
    const heads = new Map(
      await Promise.all(NAMES.map(async (name) => [name, await log.driver.head(name)] as const)),
    )
    const places = await byMaster(log)
    // Not the one with the queue, so that runs go on, too.
    const queueAt = await cluster.masterOf(log.keys.queue.runs)
    const victim = cluster.masters.find((master) => master !== queueAt)
    if (victim === undefined) throw new Error('there are three')
    const lost = places.get(victim.port) ?? []
    const kept = NAMES.filter((name) => !lost.includes(name))
    const heard: Hint[] = []
    other.backplane.subscribe((hint) => heard.push(hint))

    await victim.kill()
    for (const name of lost) {
      await expect(log.driver.append({ stream: name, drafts: drafts(1) })).rejects.toMatchObject(UNAVAILABLE)
      await expect(log.driver.read(name, 'start')).rejects.toMatchObject(UNAVAILABLE)
    }
    for (const name of kept) {
      await log.driver.append({ stream: name, drafts: drafts(1), enqueue: runRecord(name, 'r') })
      expect(await other.driver.head(name)).toEqual({ ...heads.get(name), offset: 4 })
    }
    await log.driver.healthy()
    // Whoever listened at the one that died listens elsewhere.
    const [still = ''] = kept
    await vi.waitFor(async () => {
      const { head } = await log.driver.append({ stream: still, drafts: drafts(1) })
      await vi.waitFor(() => expect(heard).toContainEqual(expect.objectContaining({ head })), 500)
    }, PATIENCE)
    // A node that starts now serves what there is.
    const late = await open()
    expect((await late.driver.head(still)).epoch).toBe(heads.get(still)?.epoch)

    await victim.restart()
    await cluster.settled()
    await vi.waitFor(() => Promise.all(NAMES.map((name) => log.driver.head(name))), PATIENCE)
    for (const name of lost) {
      const old = heads.get(name)
      const now = await other.driver.head(name).catch(() => log.driver.head(name))
      expect(now.epoch).not.toBe(old?.epoch)
      expect(now.epoch.slice(0, 6)).toBe(old?.epoch.slice(0, 6))
      if (old !== undefined)
        await expect(log.driver.read(name, old)).rejects.toMatchObject({ reason: 'epoch' })
    }
    for (const name of kept) expect((await log.driver.head(name)).epoch).toBe(heads.get(name)?.epoch)
  }, 60_000)

  test('E2 and whose replica takes over: the same sessions under another epoch, on every node the same', async () => {
    begin()
    const [log, other] = [await open(), await open()]
    await startSession(log.driver, 'taken', 3)
    const before = await log.driver.head('taken')
    const master = await cluster.masterOf(log.keys.session('taken').state)
    const replica = await cluster.addReplica(master)
    await vi.waitFor(async () => {
      const offsets = (await replica.command('INFO', 'replication')).match(/slave_repl_offset:(\d+)/)?.[1]
      expect(await master.command('INFO', 'replication')).toContain(`master_repl_offset:${offsets ?? '-'}`)
    }, PATIENCE)
    await master.kill()
    await replica.command('CLUSTER', 'FAILOVER', 'TAKEOVER')
    await vi.waitFor(() => Promise.all([log.driver.head('taken'), other.driver.head('taken')]), PATIENCE)
    const { head } = await log.driver.append({ stream: 'taken', drafts: drafts(1) })
    expect(head).toMatchObject({ offset: 4 })
    expect(head.epoch).not.toBe(before.epoch)
    expect(await other.driver.head('taken')).toEqual(head)
    await expect(other.driver.read('taken', before)).rejects.toMatchObject({ reason: 'epoch' })
  }, 60_000)
})
