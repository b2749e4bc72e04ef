import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { guest, readStream } from '../harness/api.ts'
import { startCluster, type Cluster } from '../harness/cluster.ts'
import { follow } from '../harness/follower.ts'
import { expectExact } from '../harness/oracle.ts'
import { createProducer, messageEvents } from '../harness/producer.ts'
import { ask, beginAnswer, claimOne, completed, endsOf, ownerOf, words } from '../harness/run-owner.ts'
import { readLog } from '../harness/session-log.ts'

/** Longer than a busy machine keeps an owner from its run. */
const LEASE_MS = 4_000
const ENDS = { timeout: 60_000, interval: 50 }

let cluster: Cluster

beforeAll(async () => {
  cluster = await startCluster({
    tls: false,
    env: { RUN_LEASE_MS: String(LEASE_MS), MAX_CONNECTIONS_PER_USER: '4' },
  })
})

afterAll(() => cluster?.dispose())

test('every node says where its streams are, and that it is ready', async () => {
  for (const node of cluster.nodes) {
    const where = `Streams are in Redis at 127.0.0.1:${cluster.redis.port} (on disk`
    await expect.poll(() => node.output()).toContain(where)
    expect(await (await fetch(`${node.url}/readyz`)).text()).toBe('ready\n')
  }
})

test('E6 what is published at one node is read at another, also after the first one died', async () => {
  const sessionId = await cluster.session()
  const readers = await Promise.all([0, 1, 2].map((node) => follow(cluster.at(node), sessionId)))
  await createProducer(cluster.at(0), sessionId, { id: 'p0' }).publish(
    messageEvents(sessionId, 'm0', ['one']),
  )
  await Promise.all(readers.map((reader) => reader.until(({ events }) => events.length === 3)))
  await cluster.nodes[0]?.kill()
  await createProducer(cluster.at(1), sessionId, { id: 'p1' }).publish(
    messageEvents(sessionId, 'm1', ['two']),
  )
  await Promise.all(readers.slice(1).map((reader) => reader.until(({ events }) => events.length === 6)))
  await cluster.nodes[0]?.restart()
  for (const [node, reader] of readers.entries()) await expectExact(cluster.at(node), reader)
  expect(readers.flatMap(({ resets }) => resets)).toEqual([])
})

describe('a run', () => {
  test('is claimed at one node, written through a second, and stopped at a third', async () => {
    const sessionId = await cluster.session()
    const reader = await follow(cluster.at(1), sessionId)
    const { runId } = await ask(cluster.at(0), sessionId)
    const run = await claimOne(cluster.at(1))
    expect(run.runId).toBe(runId)
    const owner = ownerOf(cluster.at(2), run)
    await owner.publish([...beginAnswer(run), ...words(run, 'so far')])
    const steered = await cluster.at(0).request('POST', `/api/sessions/${sessionId}/runs/${runId}/input`, {
      decision: 'steer',
      value: 'shorter',
    })
    expect(steered.status).toBe(202)
    await reader.until(({ events }) => events.some(({ type }) => type === 'input_resolved'))
    const stopped = await cluster.at(0).request('POST', `/api/sessions/${sessionId}/runs/${runId}/cancel`)
    expect(stopped.status).toBe(202)
    await expect(owner.publish(completed(run))).rejects.toThrow(/409/)
    await expectExact(cluster.at(1), reader)
    expect(endsOf(await readLog(cluster.at(2), sessionId), runId)).toEqual(['cancelled'])
  })

  test('that waits at one node wakes a claim that waits at another', async () => {
    const sessionId = await cluster.session()
    const waiting = cluster.at(2).request('POST', '/api/runs/claim', { owner: 'w', wait: 20 })
    const { runId } = await ask(cluster.at(0), sessionId)
    const run = (await (await waiting).json()) as { runId: string }
    expect(run.runId).toBe(runId)
    await cluster.at(1).request('POST', `/api/sessions/${sessionId}/runs/${runId}/cancel`)
  })

  test('L1 whose worker and node die is ended by another node in time, and goes on from there', async () => {
    const sessionId = await cluster.session()
    const reader = await follow(cluster.at(1), sessionId)
    const { runId } = await ask(cluster.at(0), sessionId)
    const run = await claimOne(cluster.at(0))
    await ownerOf(cluster.at(0), run).publish([...beginAnswer(run), ...words(run, 'half of')])
    await cluster.nodes[0]?.kill()
    await expect
      .poll(async () => endsOf(await readLog(cluster.at(1), sessionId), runId), ENDS)
      .toEqual(['interrupted'])
    const continued = await cluster.at(1).request('POST', `/api/sessions/${sessionId}/runs/${runId}/continue`)
    expect(continued.status).toBe(202)
    const again = await claimOne(cluster.at(2))
    expect(again.input).toMatchObject({ kind: 'continue' })
    await ownerOf(cluster.at(1), again).publish(completed(again))
    await expectExact(cluster.at(2), reader)
    await cluster.nodes[0]?.restart()
  })
})

test('A3 signing out at one node ends streams at another, and its tokens everywhere', async () => {
  const user = await guest(cluster.nodes[0]?.url ?? '')
  const there = { ...cluster.at(1), token: user.token }
  await user.json('PUT', '/api/sessions/mine', {})
  let open: () => void = () => undefined
  const opened = new Promise<void>((resolve) => {
    open = resolve
  })
  const ended = readStream(there, '/api/sse?sessionId=mine', () => {
    open()
    return false
  })
  await opened
  const out = await user.request('POST', '/api/auth/sign-out')
  expect(out.ok).toBe(true)
  await ended
  for (const node of cluster.nodes) {
    const answer = await fetch(`${node.url}/api/sessions`, {
      headers: { authorization: `Bearer ${user.token}` },
    })
    expect(answer.status).toBe(401)
  }
})

test('A8 the streams of one user are counted over all nodes, and a place that is given back is free everywhere', async () => {
  const user = await guest(cluster.nodes[0]?.url ?? '')
  await user.json('PUT', '/api/sessions/counted', {})
  const open = async (node: number): Promise<{ status: number; close: () => void }> => {
    const controller = new AbortController()
    const answer = await fetch(`${cluster.nodes[node]?.url ?? ''}/api/sse?sessionId=counted`, {
      headers: { authorization: `Bearer ${user.token}`, accept: 'text/event-stream' },
      signal: controller.signal,
    })
    return { status: answer.status, close: () => controller.abort() }
  }
  const streams = [await open(0), await open(1), await open(2), await open(0)]
  expect(streams.map(({ status }) => status)).toEqual([200, 200, 200, 200])
  for (const node of [0, 1, 2]) expect((await open(node)).status).toBe(503)
  streams[1]?.close()
  await expect.poll(async () => (await open(2)).status).toBe(200)
  for (const { close } of streams) close()
})

describe('Redis down', () => {
  test('commands answer 503, readiness says why, streams stay on heartbeats and go on exactly when it is back', async () => {
    const sessionId = await cluster.session()
    const reader = await follow(cluster.at(2), sessionId)
    const producer = createProducer(cluster.at(0), sessionId)
    await producer.publish(messageEvents(sessionId, 'm1', ['before']))
    await reader.until(({ events }) => events.length === 3)
    const { connects, heartbeats } = reader.counts
    await cluster.redis.kill()

    const refused = await cluster.at(1).request('POST', `/api/sessions/${sessionId}/messages`, {
      content: 'Hi',
      clientMessageId: 'c1',
    })
    expect(refused.status).toBe(503)
    expect(refused.headers.get('retry-after')).toMatch(/^[0-9]+$/)
    expect(await refused.json()).toMatchObject({ code: 'server_error' })
    // Through the proxy, too, however often: a node that says so is not one that is gone.
    for (let call = 0; call < 2 * cluster.nodes.length; call += 1) {
      const passed = await cluster.backend.request('GET', `/api/sessions/${sessionId}`)
      expect([passed.status, await passed.json()]).toMatchObject([503, { code: 'server_error' }])
    }
    for (const node of cluster.nodes) {
      const ready = await fetch(`${node.url}/readyz`)
      expect([ready.status, await ready.text()]).toEqual([
        503,
        'Redis cannot be reached: try again in a moment.\n',
      ])
      expect((await fetch(`${node.url}/healthz`)).status).toBe(200)
    }
    await reader.until(({ counts }) => counts.heartbeats >= heartbeats + 3)

    await cluster.redis.restart()
    await producer.publish(messageEvents(sessionId, 'm2', ['after']))
    await reader.until(({ events }) => events.length === 6)
    expect(reader.counts.connects).toBe(connects)
    expect(reader.resets).toEqual([])
    for (const node of cluster.nodes) {
      await expect.poll(async () => (await fetch(`${node.url}/readyz`)).status).toBe(200)
    }
    await expectExact(cluster.at(1), reader)
  })
})
