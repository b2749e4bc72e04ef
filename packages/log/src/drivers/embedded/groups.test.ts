import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { drafts, offsetsOf, readAll, startSession } from '../../testing/records.ts'
import { checkLog, openEmbedded, repairLog, type EmbeddedDriver } from '../embedded.ts'
import { lastOf, unsealGroup } from './event-group.ts'
import { eventKey, under } from './keys.ts'
import { sealPlace } from './seal.ts'
import { openStore, type Store } from './store.ts'

const MACHINE = { machineId: 'm1', bootId: 'b1' }

let directory: string
let driver: EmbeddedDriver

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'throughline-'))
  driver = await open()
  await startSession(driver, 'a')
})

afterEach(async () => {
  await driver.dispose()
  await rm(directory, { recursive: true })
})

function open(): Promise<EmbeddedDriver> {
  return openEmbedded({ directory, machine: MACHINE })
}

/** Five appends: 1–3, 4, 5–9, 10–12, 13. */
async function fill(): Promise<void> {
  for (const [at, count] of [3, 1, 5, 3, 1].entries())
    await driver.append({ stream: 'a', drafts: drafts(count, `${String(at)}.`) })
}

/** Looks into the store of a log that is closed for it. */
async function inStore<T>(use: (store: Store) => Promise<T>): Promise<T> {
  await driver.dispose()
  const store = await openStore(join(directory, 'store'))
  try {
    return await use(store)
  } finally {
    await store.close()
    driver = await open()
  }
}

/** The offsets of each stored group, and under which one it is. */
const stored = (): Promise<[number, number[]][]> =>
  inStore(async (store) => {
    const entries = await store.entries(under('e')).next(1_000)
    return entries.map(([key, value]): [number, number[]] => {
      const group = unsealGroup(sealPlace('a'), value)
      expect(key).toBe(eventKey('a', lastOf(group)))
      return [lastOf(group), group.events.map(({ offset }) => offset)]
    })
  })

test('the events of an append are one value, under its last offset; a long append is several', async () => {
  await fill()
  await driver.append({ stream: 'a', drafts: drafts(5, 'long', 'x'.repeat(6_000)) })
  expect(await stored()).toEqual([
    [3, [1, 2, 3]],
    [4, [4]],
    [9, [5, 6, 7, 8, 9]],
    [12, [10, 11, 12]],
    [13, [13]],
    [15, [14, 15]],
    [17, [16, 17]],
    [18, [18]],
  ])
})

test('R6 a page begins and ends anywhere in a group', async () => {
  await fill()
  const whole = await readAll(driver, 'a')
  const { epoch } = await driver.head('a')
  for (let offset = 0; offset <= 13; offset += 1) {
    for (const maxEvents of [1, 2, 3, 4, 100]) {
      const { events } = await driver.read('a', { epoch, offset }, { maxEvents })
      expect(events).toEqual(whole.slice(offset, offset + maxEvents))
    }
  }
})

test('R6 compaction takes events out of groups: what is left is found by its own last event', async () => {
  await fill()
  await driver.compact('a', [2, 4, 8, 9, 10])
  const whole = [1, 3, 5, 6, 7, 11, 12, 13]
  expect(await stored()).toEqual([
    [3, [1, 3]],
    [7, [5, 6, 7]],
    [12, [11, 12]],
    [13, [13]],
  ])
  expect((await readAll(driver, 'a')).map(({ offset, prev }) => [offset, prev])).toEqual([
    [1, undefined],
    [3, 1],
    [5, 3],
    [6, undefined],
    [7, undefined],
    [11, 7],
    [12, undefined],
    [13, undefined],
  ])
  for (const [at, offset] of whole.slice(0, -1).entries()) {
    const { epoch } = await driver.head('a')
    const { events } = await driver.read('a', { epoch, offset })
    expect(events.map((event) => event.offset)).toEqual(whole.slice(at + 1))
  }
  expect((await driver.check()).problems).toEqual([])
})

test('R6 a trim within a group takes from it what is before, and readers begin there', async () => {
  await fill()
  await driver.trim('a', 7)
  await vi.waitFor(async () => {
    expect(await stored()).toEqual([
      [9, [7, 8, 9]],
      [12, [10, 11, 12]],
      [13, [13]],
    ])
  })
  expect((await readAll(driver, 'a')).map(({ offset, prev }) => [offset, prev])).toEqual(
    [7, 8, 9, 10, 11, 12, 13].map((offset) => [offset, undefined]),
  )
  expect(await driver.check()).toMatchObject({ events: 7, problems: [] })
  await driver.compact('a', [7, 8, 9])
  expect((await stored()).map(([last]) => last)).toEqual([12, 13])
  expect((await readAll(driver, 'a'))[0]).toMatchObject({ offset: 10, prev: 6 })
})

test('C2 a lost group and a damaged one are refused, named with all of their events, and mended', async () => {
  await fill()
  await inStore((store) =>
    store.write(
      [
        { type: 'del', key: eventKey('a', 3) },
        { type: 'put', key: eventKey('a', 9), value: 'garbage' },
      ],
      { sync: false },
    ),
  )
  const { epoch } = await driver.head('a')
  await expect(driver.read('a', { epoch, offset: 1 })).rejects.toMatchObject({ code: 'server_error' })
  await driver.dispose()
  expect((await checkLog(directory)).problems.map(({ text }) => text)).toEqual([
    'Events of session a between 0 and 4 are missing or damaged.',
    'Events of session a between 4 and 10 are missing or damaged.',
  ])
  await repairLog(directory)
  expect(await checkLog(directory)).toMatchObject({ events: 5, problems: [] })
  driver = await open()
  expect(await offsetsOf(driver, 'a')).toEqual([4, 10, 11, 12, 13])
})

test('C2 a group under the key of another one is refused', async () => {
  await fill()
  await inStore(async (store) => {
    const value = (await store.get(eventKey('a', 3))) ?? ''
    await store.write([{ type: 'put', key: eventKey('a', 12), value }], { sync: false })
  })
  await expect(readAll(driver, 'a')).rejects.toMatchObject({ code: 'server_error' })
  await driver.dispose()
  expect((await checkLog(directory)).problems.map(({ text }) => text)).toEqual([
    'Events of session a between 9 and 13 are missing or damaged.',
  ])
  driver = await open()
})
