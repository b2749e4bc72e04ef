import { startRedisCluster, type RedisCluster } from '@throughline/log/testing/redis-cluster'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { apiUser, type ApiUser } from '../harness/api.ts'
import { startApp, type RunningApp } from '../harness/app.ts'
import { follow } from '../harness/follower.ts'
import { expectExact } from '../harness/oracle.ts'
import { createProducer, messageEvents } from '../harness/producer.ts'
import { publisherToken } from '../harness/token.ts'

const SECRET = 'a secret that all nodes of a test share, long enough'
const SESSIONS = Array.from({ length: 9 }, (_, at) => `spread${String(at)}`)

let redis: RedisCluster
let nodes: readonly RunningApp[] = []
let users: readonly ApiUser[] = []

beforeAll(async () => {
  redis = await startRedisCluster()
  const hosts = redis.masters.map(({ port }) => `127.0.0.1:${String(port)}`)
  const env = {
    REDIS_URL: `redis://${hosts.join(',')}`,
    LOG_LEVEL: 'fatal',
    RATE_LIMIT_PER_MINUTE: '0',
    HEARTBEAT_MS: '500',
    JWT_SECRET: SECRET,
  }
  nodes = await Promise.all([startApp(env, 'hub'), startApp(env, 'hub')])
  const token = await publisherToken(nodes[0]?.dataDir ?? '', SECRET)
  users = nodes.map(({ url }) => apiUser(url, token))
})

afterAll(async () => {
  await Promise.all(nodes.map((node) => node.dispose()))
  await redis?.dispose()
})

test('E1 E6 hubs on three masters: while one is dead its sessions are 503 and the others are told on; emptied, it resets its own', async () => {
  const [one, two] = users
  if (one === undefined || two === undefined) throw new Error('there are two')
  const publish = (at: ApiUser, id: string, text: string): Promise<unknown> =>
    createProducer(at, id, { id: `p_${text}` }).publish(messageEvents(id, `m_${text}`, [text]))
  for (const id of SESSIONS) {
    await one.json('PUT', `/api/sessions/${id}`, {})
    await publish(one, id, 'before')
  }
  const readers = new Map(
    await Promise.all(
      SESSIONS.map(async (id) => [id, await follow(two, id, { forgive: [404], retryMs: 200 })] as const),
    ),
  )
  await Promise.all([...readers.values()].map((reader) => reader.until(({ events }) => events.length === 3)))

  const ownerOf = async (id: string) => redis.masterOf(`throughline:{s:${id}}:state`)
  const queueAt = await redis.masterOf('throughline:{queue}:runs')
  const victim = redis.masters.find((master) => master !== queueAt)
  if (victim === undefined) throw new Error('there are three')
  const owners = await Promise.all(SESSIONS.map(ownerOf))
  const [lost, kept] = [true, false].map((isLost) =>
    SESSIONS.filter((_, at) => (owners[at] === victim) === isLost),
  )
  if (lost === undefined || kept === undefined) throw new Error('there are two lists')
  expect([lost.length > 0, kept.length > 0]).toEqual([true, true])

  await victim.kill()
  for (const id of lost) {
    const refused = await one.request('POST', `/api/sessions/${id}/messages`, {
      content: 'Hi',
      clientMessageId: 'c1',
    })
    expect(refused.status).toBe(503)
  }
  for (const id of kept) {
    await publish(one, id, 'meanwhile')
    await readers.get(id)?.until(({ events }) => events.length === 6)
  }
  for (const { url } of nodes) expect((await fetch(`${url}/readyz`)).status).toBe(200)

  await victim.restart()
  await redis.settled()
  for (const id of lost) {
    await expect.poll(async () => (await one.request('PUT', `/api/sessions/${id}`, {})).status).toBe(201)
    await publish(one, id, 'after')
    await readers.get(id)?.until(({ resets }) => resets.length > 0)
  }
  for (const [id, reader] of readers) {
    await expectExact(one, reader)
    expect(reader.resets).toEqual(lost.includes(id) ? ['epoch'] : [])
  }
})
