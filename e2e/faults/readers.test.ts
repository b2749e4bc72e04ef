import { once } from 'node:events'
import type { Socket } from 'node:net'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startChaosProxy, type ChaosProxy } from '../harness/chaos-proxy.ts'
import { descriptors, residentMiB, startFaultHub, type FaultHub } from '../harness/fault-hub.ts'
import { follow, type Follower } from '../harness/follower.ts'
import { expectExact } from '../harness/oracle.ts'
import { epochOf } from '../harness/session-log.ts'
import { createProducer, messageEvents, ndjson } from '../harness/producer.ts'
import { openSilentReader } from '../harness/raw-reader.ts'

const SILENT = 24
const BLOB_BYTES = 40_000
/**
 * What the hub may grow by. Most of it is not theirs: the same load without any silent reader takes its share of log,
 * pages, garbage and allocator slack. Kept for each of them, the load would be 1 GiB.
 */
const GROWTH_MIB = 200
const LOAD_MIB = 40
/** Of some 400 MiB that are written and not read. */
const UNREAD_GROWTH_MIB = 200
const BLOCKED_MS = 30_000

/** `patient` has readers that are blocked for longer than half a minute; `world` is for all else meanwhile. */
let patient: FaultHub
let world: FaultHub
let line: ChaosProxy
let blockedSince = 0
const silent: Socket[] = []
const late: Follower[] = []

beforeAll(async () => {
  ;[patient, world] = await Promise.all([startFaultHub(), startFaultHub()])
  line = await startChaosProxy(patient.hub.port)
})

afterAll(async () => {
  for (const socket of silent) socket.destroy()
  for (const reader of late) reader.close()
  await line?.close()
  await patient?.hub.dispose()
  await world?.hub.dispose()
})

/** Appends so many MiB in large events. */
async function publishMiB({ backend }: FaultHub, sessionId: string, mebibytes: number): Promise<void> {
  const producer = createProducer(backend, sessionId, { id: `blobs${mebibytes}` })
  const blob = { type: 'my_blob', data: { text: 'x'.repeat(BLOB_BYTES) } }
  const events = Array.from({ length: 20 }, () => blob)
  const batches = Math.ceil((mebibytes * 2 ** 20) / (BLOB_BYTES * events.length))
  for (let batch = 0; batch < batches; batch += 1) await producer.publish(events)
}

test(`S1 S2 S3 ${SILENT} readers that never read, one at 1 byte/s, one half-open: bounded memory, and others get everything`, async () => {
  const sessionId = await patient.session()
  await publishMiB(patient, await patient.session(), 20)
  const before = await residentMiB(patient.hub.pid())
  const live = await Promise.all([1, 2, 3].map(() => follow(patient.backend, sessionId, { keep: false })))
  for (let count = 0; count < SILENT; count += 1)
    silent.push(await openSilentReader(patient.backend, sessionId))
  line.next({ kind: 'trickle', bytesPerSecond: 1 }, { kind: 'half-open', afterBytes: 200_000 })
  for (let count = 0; count < 2; count += 1) {
    late.push(await follow(patient.backend, sessionId, { url: line.url, keep: false }))
    await expect.poll(() => line.count).toBe(count + 1)
  }
  const [, halfOpen] = late
  await publishMiB(patient, sessionId, LOAD_MIB)
  blockedSince = Date.now()
  const most = await residentMiB(patient.hub.pid())
  for (const reader of live) await expectExact(patient.backend, reader)
  // Its client noticed, and read on over a new connection.
  await halfOpen?.reachHead()
  const after = await residentMiB(patient.hub.pid())
  expect(Math.max(most, after) - before, 'MiB').toBeLessThan(GROWTH_MIB)
})

test('S1 a hub does not grow with what was written, when nobody reads', async () => {
  const sessionId = await world.session()
  const producer = createProducer(world.backend, sessionId, { id: 'unread' })
  const blob = { type: 'my_blob', data: { text: 'x'.repeat(BLOB_BYTES) } }
  const events = Array.from({ length: 20 }, () => blob)
  const publish = async (batches: number): Promise<void> => {
    for (let batch = 0; batch < batches; batch += 1) await producer.publish(events)
  }
  // The heap, the log's write buffers and its cache are as large as they get.
  await publish(130)
  const before = await residentMiB(world.hub.pid())
  await publish(520)
  expect((await residentMiB(world.hub.pid())) - before, 'MiB').toBeLessThan(UNREAD_GROWTH_MIB)
})

test('S4 readers that close while they are blocked leave no descriptor, no memory and no complaint behind', async () => {
  const sessionId = await world.session()
  await publishMiB(world, sessionId, 12)
  const after = `${await epochOf(world.backend, sessionId)}-0`
  const pid = world.hub.pid()
  const before = { sockets: (await descriptors(pid)).sockets, memory: await residentMiB(pid) }
  for (const how of ['destroy', 'resetAndDestroy'] as const) {
    const readers = await Promise.all(
      Array.from({ length: 40 }, () => openSilentReader(world.backend, sessionId, after)),
    )
    await expect.poll(async () => (await descriptors(pid)).sockets).toBeGreaterThanOrEqual(40)
    // Each has had as much as the kernel takes, so what is left waits in the hub.
    await Promise.all(readers.map((reader) => once(reader, 'readable')))
    for (const reader of readers) reader[how]()
    await expect.poll(async () => (await descriptors(pid)).sockets).toBeLessThanOrEqual(before.sockets)
  }
  expect((await residentMiB(pid)) - before.memory, 'MiB').toBeLessThan(GROWTH_MIB)
  expect(world.hub.output().trim().split('\n')).toHaveLength(1)
})

test('S5 2,000 readers connect and leave, at every stage: descriptors and memory return to where they were', async () => {
  const sessionId = await world.session()
  await createProducer(world.backend, sessionId).publish(messageEvents(sessionId, 'm1', ['hello']))
  const pid = world.hub.pid()
  const visit = async (index: number): Promise<void> => {
    const reader = await openSilentReader(world.backend, sessionId)
    // Before the answer, with its first bytes, or after half of what there is; by FIN or by RST.
    if (index % 4 > 0) await once(reader, 'readable')
    if (index % 4 > 1) reader.read(400)
    const closed = once(reader, 'close')
    if (index % 3 === 0) reader.resetAndDestroy()
    else reader.destroy()
    await closed
  }
  const visits = async (count: number): Promise<void> => {
    let next = 0
    const lane = async (): Promise<void> => {
      while (next < count) await visit(next++)
    }
    await Promise.all(Array.from({ length: 50 }, lane))
  }
  const settled = async () => (await descriptors(pid)).all
  await visits(200)
  await expect.poll(settled).toBeLessThan(60)
  const before = { all: await settled(), memory: await residentMiB(pid) }
  await visits(2_000)
  await expect.poll(settled).toBeLessThanOrEqual(before.all + 2)
  expect((await residentMiB(pid)) - before.memory, 'MiB').toBeLessThan(64)
})

test('S6 one that never reads among 200: the others get each event while it is blocked', async () => {
  const sessionId = await world.session()
  const slow = await openSilentReader(world.backend, sessionId)
  await publishMiB(world, sessionId, 12)
  const others = await Promise.all(
    Array.from({ length: 199 }, () => follow(world.backend, sessionId, { from: 'snapshot' })),
  )
  await Promise.all(others.map((reader) => reader.until(({ counts }) => counts.caughtUp > 0)))
  const producer = createProducer(world.backend, sessionId)
  for (let event = 1; event <= 30; event += 1) {
    await producer.publish([{ type: 'my_news', data: { event, text: 'x'.repeat(2_000) } }])
    await Promise.all(others.map((reader) => reader.until(({ events }) => events.length === event)))
  }
  const numbers = async () => (await fetch(`${world.hub.url}/metrics`)).text()
  await expect.poll(numbers).toContain(`throughline_subscribers ${others.length + 1}\n`)
  for (const reader of others) reader.close()
  slow.destroy()
})

test('S7 100,000 events in one burst reach readers exactly, live and afterwards', async () => {
  const sessionId = await world.session()
  const live = await follow(world.backend, sessionId)
  const pieces = Array.from({ length: 9_998 }, (_, index) => `${index} `)
  const events = Array.from({ length: 10 }, (_, message) =>
    messageEvents(sessionId, `m${message}`, pieces),
  ).flat()
  const answer = await world.backend.request(
    'POST',
    `/api/sessions/${sessionId}/events?producerId=burst`,
    ndjson(events),
    { 'content-type': 'application/x-ndjson' },
  )
  expect([answer.status, await answer.json()]).toMatchObject([200, { producerSeq: 100_000 }])
  await expectExact(world.backend, live)
  const dataOf = (list: readonly { readonly data: unknown }[]) => JSON.stringify(list.map(({ data }) => data))
  expect(dataOf(live.events) === dataOf(events)).toBe(true)
  const later = await follow(world.backend, sessionId, { from: 'snapshot' })
  await expectExact(world.backend, later)
})

test('S1 S2 S3 whoever is blocked for more than 30 s is closed, and who comes back has lost nothing', async () => {
  // Two that go on from their place, over good connections.
  const open = async () => (await descriptors(patient.hub.pid())).sockets
  const left = Math.max(5_000, blockedSince + BLOCKED_MS + 15_000 - Date.now())
  // For HTTP, and for data commands.
  const listening = 2
  const kept = 4
  await expect
    .poll(open, { timeout: left, interval: 250 })
    .toBeLessThanOrEqual(listening + late.length + kept)
  expect(Date.now() - blockedSince).toBeGreaterThan(BLOCKED_MS - 5_000)
  // What had reached the slow line before would take days.
  line.cutAll()
  for (const reader of late) await expectExact(patient.backend, reader)
})
