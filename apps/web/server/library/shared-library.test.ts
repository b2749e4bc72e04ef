import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startRedisServer, type RedisServer } from '@throughline/log/testing/redis-server'
import { systemTimers, type Timers } from '@throughline/server'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest'
import { startPostgres, type PostgresServer } from '../database/testing/postgres-server.ts'
import { startLibraryNode, type LibraryNode, type LibraryNodeOptions } from './testing/library-node.ts'

let redis: RedisServer
let postgres: PostgresServer
let folder = ''
let places: Readonly<Record<'a' | 'b', LibraryNodeOptions>>
const nodes = new Set<LibraryNode>()

const SOON = { timeout: 30_000, interval: 50 }
const HERON = '# Herons\n\nThe grey heron waits at the weir.\n'
const OTTER = '# Otters\n\nThe otter sleeps below the weir.\n'

beforeAll(async () => {
  ;[redis, postgres] = await Promise.all([startRedisServer(), startPostgres()])
}, 60_000)
afterAll(async () => {
  await redis.dispose()
  await postgres.close()
})
beforeEach(async () => {
  await redis.command('FLUSHALL')
  folder = await mkdtemp(join(tmpdir(), 'throughline-nodes-'))
  const shared = { databaseUrl: await postgres.createDatabase(), redisUrl: redis.url }
  places = {
    a: { dataDir: join(folder, 'a'), ...shared },
    b: { dataDir: join(folder, 'b'), ...shared },
  }
})
afterEach(async () => {
  for (const node of nodes) await stop(node)
  await rm(folder, { recursive: true, force: true })
})

async function start(options: LibraryNodeOptions): Promise<LibraryNode> {
  const node = await startLibraryNode(options)
  nodes.add(node)
  return node
}

async function stop(node: LibraryNode): Promise<void> {
  nodes.delete(node)
  await node.stop()
}

interface Shown {
  readonly id: string
  readonly status: string
}

async function add(node: LibraryNode, user: string, name: string, text: string): Promise<Shown> {
  const answer = await node.call(user, 'POST', `/api/library/documents?name=${name}`, text)
  expect(answer.status).toBe(202)
  return ((await answer.json()) as { document: Shown }).document
}

async function listed(node: LibraryNode, user: string): Promise<readonly string[]> {
  const { documents } = (await (await node.call(user, 'GET', '/api/library')).json()) as {
    documents: readonly (Shown & { readonly name: string })[]
  }
  return documents.map(({ name }) => name)
}

async function ready(node: LibraryNode, user: string, id: string): Promise<void> {
  await vi.waitFor(async () => {
    const answer = await node.call(user, 'GET', `/api/library/documents/${id}/status`)
    expect(await answer.json()).toMatchObject({ document: { status: 'ready', progress: 100 } })
  }, SOON)
}

test('a document added at one node is known at once and soon found at another, and gone when it is removed there', async () => {
  const [a, b] = [await start(places.a), await start(places.b)]
  const { id } = await add(a, 'ada', 'herons.md', HERON)
  expect(await listed(b, 'ada')).toEqual(['herons.md'])
  expect(await listed(b, 'eve')).toEqual([])
  await ready(b, 'ada', id)
  await ready(a, 'ada', id)
  expect(await b.find('ada', 'heron')).toEqual(['herons.md'])
  expect(await b.find('eve', 'heron')).toEqual([])
  const again = await b.call('ada', 'POST', '/api/library/documents?name=copy.md', HERON)
  expect([again.status, await again.json()]).toMatchObject([200, { duplicate: true, document: { id } }])

  expect((await b.call('eve', 'DELETE', `/api/library/documents/${id}`)).status).toBe(404)
  expect(await a.find('ada', 'heron')).toEqual(['herons.md'])
  expect((await b.call('ada', 'DELETE', `/api/library/documents/${id}`)).status).toBe(204)
  expect(await listed(a, 'ada')).toEqual([])
  expect(await a.find('ada', 'heron')).toEqual([])
  expect((await a.call('ada', 'GET', `/api/library/documents/${id}/status`)).status).toBe(404)
}, 60_000)

test('a file that cannot be read is failed at every node', async () => {
  const [a, b] = [await start(places.a), await start(places.b)]
  const { id } = await add(a, 'ada', 'broken.pdf', '%PDF-1.7\nnothing of the kind')
  for (const node of [a, b]) {
    await vi.waitFor(async () => {
      const answer = await node.call('ada', 'GET', `/api/library/documents/${id}/status`)
      expect(await answer.json()).toMatchObject({
        document: { status: 'failed', error: { code: 'corrupt' } },
      })
    }, SOON)
  }
}, 60_000)

test('what is given to another owner, or cleared, is so at every node', async () => {
  const [a, b] = [await start(places.a), await start(places.b)]
  const { id } = await add(a, 'guest', 'herons.md', HERON)
  await ready(b, 'guest', id)
  // Not read by anybody yet, and one that the heir has already.
  await add(a, 'guest', 'otters.md', OTTER)
  await add(b, 'ada', 'mine.md', HERON)
  await b.documents.owned.give('guest', 'ada')
  for (const node of [a, b]) {
    expect(await listed(node, 'guest')).toEqual([])
    expect(await listed(node, 'ada')).toEqual(['mine.md', 'otters.md'])
    await vi.waitFor(async () => {
      expect(await node.find('ada', 'otter')).toEqual(['otters.md'])
    }, SOON)
    expect(await node.find('guest', 'heron otter')).toEqual([])
  }
  await a.documents.owned.remove('ada')
  expect(await listed(b, 'ada')).toEqual([])
  expect(await b.find('ada', 'heron otter')).toEqual([])
}, 60_000)

test('a node goes on where it stood, and makes a lost index anew', async () => {
  const a = await start(places.a)
  let b = await start(places.b)
  const { id } = await add(a, 'ada', 'herons.md', HERON)
  await ready(b, 'ada', id)
  await stop(b)
  const otters = await add(a, 'ada', 'otters.md', OTTER)
  await a.call('ada', 'DELETE', `/api/library/documents/${id}`)
  b = await start(places.b)
  await ready(b, 'ada', otters.id)
  expect(await listed(b, 'ada')).toEqual(['otters.md'])
  expect(await b.find('ada', 'weir')).toEqual(['otters.md'])

  await stop(b)
  await b.loseIndex()
  b = await start(places.b)
  await ready(b, 'ada', otters.id)
  expect(await b.find('ada', 'weir')).toEqual(['otters.md'])
}, 60_000)

test('nodes whose stream was lost compare themselves with the database', async () => {
  const a = await start(places.a)
  let b = await start(places.b)
  const { id } = await add(a, 'ada', 'herons.md', HERON)
  await ready(b, 'ada', id)
  await stop(b)
  await a.call('ada', 'DELETE', `/api/library/documents/${id}`)
  await stop(a)
  await redis.command('FLUSHALL')
  b = await start(places.b)
  expect(await listed(b, 'ada')).toEqual([])
  expect(await b.find('ada', 'heron')).toEqual([])
}, 60_000)

test('E1 Redis emptied under running nodes: they know what they knew, and of each other’s changes from then on', async () => {
  const [a, b] = [await start(places.a), await start(places.b)]
  const { id } = await add(a, 'ada', 'herons.md', HERON)
  await ready(b, 'ada', id)
  await redis.command('FLUSHALL')
  // Also while a node reads: the files are in the database, and in each index.
  const otters = await add(b, 'ada', 'otters.md', OTTER)
  await vi.waitFor(async () => {
    expect((await listed(a, 'ada')).toSorted()).toEqual(['herons.md', 'otters.md'])
  }, SOON)
  for (const node of [a, b]) await ready(node, 'ada', otters.id)
  await redis.command('FLUSHALL')
  await vi.waitFor(async () => {
    const answer = await a.call('ada', 'DELETE', `/api/library/documents/${id}`)
    expect([204, 404]).toContain(answer.status)
  }, SOON)
  for (const node of [a, b]) {
    await vi.waitFor(async () => {
      expect(await listed(node, 'ada')).toEqual(['otters.md'])
    }, SOON)
    expect(await node.find('ada', 'weir')).toEqual(['otters.md'])
  }
}, 60_000)

test('what is cancelled at one node is cancelled at every node, whichever of them was to read it', async () => {
  const [a, b] = [await start(places.a), await start(places.b)]
  // Read one after the other: the last one waits for those before it.
  const long = Array.from({ length: 60_000 }, (_, at) => `The heron counts fish number ${at}.\n\n`).join('')
  const names = ['one', 'two', 'three']
  for (const name of names) await add(a, 'ada', `${name}.md`, `# ${name}\n\n${long}`)
  const { id } = await add(a, 'ada', 'otters.md', OTTER)
  expect((await b.call('eve', 'POST', `/api/library/documents/${id}/cancel`)).status).toBe(404)
  expect((await b.call('ada', 'POST', `/api/library/documents/${id}/cancel`)).status).toBe(202)
  for (const node of [a, b]) {
    const answer = await node.call('ada', 'GET', `/api/library/documents/${id}/status`)
    expect(await answer.json()).toMatchObject({ document: { status: 'cancelled' } })
    expect(await node.find('ada', 'otter')).toEqual([])
  }
  // Added again it is read again, by all.
  expect((await add(b, 'ada', 'otters.md', OTTER)).id).toBe(id)
  for (const node of [a, b]) await ready(node, 'ada', id)
}, 90_000)

test('what a node changed and died before it could tell is found by the others within ten minutes', async () => {
  const sweeps: (() => void)[] = []
  const timers: Timers = {
    ...systemTimers,
    schedule(run, delayMs) {
      if (delayMs < 600_000) return systemTimers.schedule(run, delayMs)
      expect(delayMs).toBe(600_000)
      sweeps.push(run)
      return () => undefined
    },
  }
  const [a, b] = [await start(places.a), await start({ ...places.b, timers })]
  const { id } = await add(a, 'ada', 'herons.md', HERON)
  await ready(b, 'ada', id)
  await a.originals.delete({ owner: 'ada', id })
  expect(await listed(b, 'ada')).toEqual(['herons.md'])
  for (let sweep = 1; sweep <= 2; sweep += 1) {
    sweeps.shift()?.()
    await vi.waitFor(async () => {
      expect(await listed(b, 'ada')).toEqual([])
      expect(sweeps).toHaveLength(1)
    }, SOON)
  }
  expect(await b.find('ada', 'heron')).toEqual([])
}, 60_000)

test('one node with a log of its own does the same', async () => {
  const { dataDir, databaseUrl } = places.a
  const node = await start({ dataDir, databaseUrl })
  const { id } = await add(node, 'ada', 'herons.md', HERON)
  await ready(node, 'ada', id)
  expect(await node.find('ada', 'heron')).toEqual(['herons.md'])
}, 60_000)
