import { execFile } from 'node:child_process'
import { cp, mkdtemp, rename, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { parseCursor } from '@throughline/protocol'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startFaultHub, type FaultHub } from '../harness/fault-hub.ts'
import { follow } from '../harness/follower.ts'
import { expectExact } from '../harness/oracle.ts'
import { epochOf } from '../harness/session-log.ts'
import { createProducer, messageEvents } from '../harness/producer.ts'

const ROOT = join(import.meta.dirname, '..', '..')
const DATA = join(ROOT, 'packages/server/dist/bin/data.js')

let world: FaultHub
let outside: string

beforeAll(async () => {
  world = await startFaultHub()
  outside = await mkdtemp(join(tmpdir(), 'throughline-copy-'))
})

afterAll(async () => {
  await world?.hub.dispose()
  if (outside !== undefined) await rm(outside, { recursive: true, force: true })
})

test('C6 a copied-back data directory begins new epochs: a reader that had seen more resets, and is told what is there now', async () => {
  const sessionId = await world.session()
  const producer = createProducer(world.backend, sessionId)
  await producer.publish(messageEvents(sessionId, 'm1', ['kept']))
  const before = await epochOf(world.backend, sessionId)
  const copy = join(outside, 'copy')
  expect(await world.hub.stop()).toBe(0)
  await cp(world.hub.dataDir, copy, { recursive: true, preserveTimestamps: true })

  await world.hub.restart()
  expect(await epochOf(world.backend, sessionId)).toBe(before)
  const reader = await follow(world.backend, sessionId)
  await producer.publish(messageEvents(sessionId, 'm2', ['lost']))
  await reader.until(({ events }) => events.length === 6)
  expect(await world.hub.stop()).toBe(0)
  await rm(world.hub.dataDir, { recursive: true })
  await rename(copy, world.hub.dataDir)

  await world.hub.restart()
  await createProducer(world.backend, sessionId, { id: 'other' }).publish(
    messageEvents(sessionId, 'm3', ['another history']),
  )
  await reader.until(({ resets }) => resets.length > 0)
  await expectExact(world.backend, reader)
  expect(reader.resets).toEqual(['epoch'])
  expect(reader.state.messages.map(({ content }) => content)).toEqual(['kept', 'another history'])
  expect(await epochOf(world.backend, sessionId)).not.toBe(before)
})

test('C4 a backup taken while the hub runs, and restored later with the command: a reader that had seen more resets', async () => {
  const { dataDir } = world.hub
  const data = (...args: string[]) =>
    promisify(execFile)(process.execPath, [DATA, ...args], { env: { ...process.env, DATA_DIR: dataDir } })
  const sessionId = await world.session()
  const producer = createProducer(world.backend, sessionId)
  await producer.publish(messageEvents(sessionId, 'm1', ['kept']))
  const backup = join(outside, 'backup')
  expect((await data('backup', backup)).stdout).toContain('while the server runs')
  const reader = await follow(world.backend, sessionId)
  const lost = await producer.publish(messageEvents(sessionId, 'm2', ['lost']))
  await reader.until(({ events }) => events.at(-1)?.id === lost)
  await world.hub.kill()
  await rm(dataDir, { recursive: true })
  const { stdout } = await data('restore', backup)
  expect(stdout).toContain('0 problems')

  await world.hub.restart()
  const others = createProducer(world.backend, sessionId, { id: 'other' })
  // As many events as were lost, so that every offset the reader knows exists again.
  const head = await others.publish(messageEvents(sessionId, 'm3', ['other']))
  expect(parseCursor(head)?.offset).toBe(parseCursor(lost)?.offset)
  await reader.until(({ resets }) => resets.length > 0)
  await expectExact(world.backend, reader)
  expect(reader.state.messages.map(({ content }) => content)).toEqual(['kept', 'other'])
})
