import { cp, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ClassicLevel } from 'classic-level'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Appended } from '../../log-driver.ts'
import { drafts, readAll, startSession } from '../../testing/records.ts'
import { openEmbedded, repairLog, type EmbeddedDriver } from '../embedded.ts'
import { createEmbedded } from './driver.ts'
import { eventKey } from './keys.ts'
import type { StoreChange } from './store.ts'

const MACHINE = { machineId: 'm1', bootId: 'b1' }

let root: string
let directory: string
let driver: EmbeddedDriver
/** Every change that was written, in order. */
let written: StoreChange[]
/** Writes wait for it. */
let held: Promise<undefined> | undefined

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'throughline-'))
  directory = join(root, 'log')
  written = []
  held = undefined
  driver = await createEmbedded(
    { directory, machine: MACHINE },
    {
      wrapStore: (store) => ({
        ...store,
        async write(changes, options) {
          await held
          written.push(...changes)
          await store.write(changes, options)
        },
      }),
    },
  )
  await startSession(driver, 'a')
})
afterEach(async () => {
  await driver.dispose()
  await rm(root, { recursive: true })
})

const send = (producerId: string, producerSeq: number, count = 1, to = driver): Promise<Appended> =>
  to.append({ stream: 'a', drafts: drafts(count), producer: { producerId, producerSeq } })

const placeOf = async (of: EmbeddedDriver, producerId: string): Promise<unknown> => {
  const state = await of.producer('a', producerId)
  return state && [state.producerSeq, state.head.offset]
}

const producersWritten = (): number => written.filter(({ key }) => key.startsWith('p!')).length

/** What a killed process leaves. */
async function leave(): Promise<string> {
  const left = join(root, 'left')
  await rm(left, { recursive: true, force: true })
  await cp(directory, left, { recursive: true })
  return left
}

async function afterKill<T>(look: (left: EmbeddedDriver) => Promise<T>): Promise<T> {
  const left = await openEmbedded({ directory: await leave(), machine: MACHINE })
  try {
    return await look(left)
  } finally {
    await left.dispose()
  }
}

test('L8 where a producer is stands in its events: no record of its own is written with each', async () => {
  for (let seq = 1; seq <= 31; seq += 1) await send('p', seq)
  expect(producersWritten()).toBe(0)
  await send('p', 32)
  expect(producersWritten()).toBe(1)
})

test('L8 wherever a process is killed, each producer is known, its repeat answered and its gap refused', async () => {
  let last = [0, 0]
  for (let seq = 1; seq <= 70; seq += 1) {
    await send('p', seq, 1 + (seq % 3))
    if (seq % 7 !== 0) continue
    const { head } = await send('q', seq / 7)
    last = [seq / 7, head.offset]
    const known = await afterKill(async (left) => {
      const places = [await placeOf(left, 'p'), await placeOf(left, 'q'), await placeOf(left, 'none')]
      expect(await send('q', seq / 7, 1, left)).toMatchObject({
        repeated: true,
        head: { offset: head.offset },
      })
      await expect(send('p', seq + 2, 1, left)).rejects.toMatchObject({ code: 'conflict' })
      await send('p', seq + 1, 1, left)
      return places
    })
    expect(known).toEqual([[seq, head.offset - 1], last, undefined])
  }
}, 60_000)

test('L8 is known after a kill though the events that said so were compacted, trimmed or never there', async () => {
  await send('early', 1)
  await send('p', 1, 3)
  await send('last', 1)
  await driver.compact('a', [1, 2, 3, 4])
  const places = (left: EmbeddedDriver): Promise<unknown[]> =>
    Promise.all(['early', 'p', 'last'].map((id) => placeOf(left, id)))
  expect(await afterKill(places)).toEqual([
    [1, 1],
    [1, 4],
    [1, 5],
  ])
  await send('p', 2)
  await send('last', 2)
  await driver.trim('a', 7)
  expect(await afterKill(places)).toEqual([
    [1, 1],
    [2, 6],
    [2, 7],
  ])
  await send('p', 3)
  await send('p', 4, 0)
  await send('last', 3)
  expect(await afterKill(places)).toEqual([
    [1, 1],
    [4, 8],
    [3, 9],
  ])
})

test('L8 an event that was bridged says still whose batch ended with it, and readers see nothing of that', async () => {
  await driver.append({ stream: 'a', drafts: drafts(1) })
  const { events } = await send('p', 1, 2)
  await send('q', 1)
  expect(await readAll(driver, 'a')).toMatchObject([{ offset: 1 }, ...events, { offset: 4 }])
  const left = await leave()
  const db = new ClassicLevel(join(left, 'store'))
  await db.open()
  await db.del(eventKey('a', 1))
  await db.close()
  await repairLog(left)
  const repaired = await openEmbedded({ directory: left, machine: MACHINE })
  expect(await placeOf(repaired, 'p')).toEqual([1, 3])
  expect(await placeOf(repaired, 'q')).toEqual([1, 4])
  expect((await readAll(repaired, 'a'))[0]).toEqual({ ...events[0], prev: 0 })
  await repaired.dispose()
})

test('L8 a repair that drops the last events leaves the producers where the others say', async () => {
  for (let seq = 1; seq <= 40; seq += 1) await send('p', seq)
  const left = await leave()
  const db = new ClassicLevel(join(left, 'store'))
  await db.open()
  await db.put(eventKey('a', 40), 'garbage')
  await db.close()
  await repairLog(left)
  const repaired = await openEmbedded({ directory: left, machine: MACHINE })
  expect(await placeOf(repaired, 'p')).toEqual([39, 39])
  expect((await send('p', 40, 1, repaired)).head.offset).toBe(40)
  await repaired.dispose()
})

test('L7 producers that are further than their records stay in memory until those are written', async () => {
  // More than are kept, all of them in events behind the stream's record.
  for (let at = 0; at < 31; at += 1) await send(`p${String(at)}`, 1)
  await Promise.all(Array.from({ length: 64 }, (_, at) => driver.producer('a', `other${String(at)}`)))
  for (let at = 0; at < 31; at += 1)
    expect(await send(`p${String(at)}`, 1)).toMatchObject({ repeated: true, head: { offset: at + 1 } })
  const { promise, resolve } = Promise.withResolvers<undefined>()
  held = promise
  const update = driver.sessions.update('a', { title: 'Put' })
  for (let at = 0; at < 128; at += 1) await driver.producer('a', `another${String(at)}`)
  const again = Array.from({ length: 31 }, (_, at) => send(`p${String(at)}`, 1))
  resolve(undefined)
  for (const answer of await Promise.all(again)) expect(answer.repeated).toBe(true)
  await update
})
