import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ClassicLevel } from 'classic-level'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Appended } from '../../log-driver.ts'
import { drafts, readAll, startSession } from '../../testing/records.ts'
import { openEmbedded, type EmbeddedDriver } from '../embedded.ts'
import { readCommits } from './commit-ring.ts'
import { checkFormat } from './format.ts'
import { commitKey } from './keys.ts'
import { seal } from './seal.ts'
import { openStore, type Store, type StoreChange } from './store.ts'

let directory: string

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'throughline-'))
})

afterEach(() => rm(directory, { recursive: true }))

async function putRaw(key: string, value: string): Promise<void> {
  const db = new ClassicLevel(join(directory, 'store'))
  await db.put(key, value)
  await db.close()
}

async function withStore(use: (store: Store) => Promise<void>): Promise<void> {
  const store = await openStore(join(directory, 'plain'))
  await use(store)
  await store.close()
}

describe('format of the embedded store', () => {
  test('a log of a newer format is refused in one line and left alone', async () => {
    const first = await openEmbedded({ directory })
    await startSession(first, 'a', 1)
    await first.dispose()
    await putRaw('format', '7')
    await expect(openEmbedded({ directory })).rejects.toMatchObject({
      code: 'server_error',
      message: 'The log in this data directory is of format 7, this version reads 4: upgrade Throughline.',
    })
    await putRaw('format', '4')
    const again = await openEmbedded({ directory })
    expect((await again.head('a')).offset).toBe(1)
    await again.dispose()
  })

  test('something else than a log is refused and left alone', async () => {
    await putRaw('photo', 'cat')
    await expect(openEmbedded({ directory })).rejects.toThrow('holds something else than a Throughline log')
    await putRaw('format', 'cat')
    await expect(openEmbedded({ directory })).rejects.toThrow('cannot be told')
  })

  test('an older format is brought up to date, step by step, and each step is remembered', async () => {
    await withStore(async (store) => {
      await checkFormat(store, { current: 1 })
      await store.write([{ type: 'put', key: 'old', value: 'x' }], { sync: false })
      const steps: number[] = []
      const migrations = {
        1: async () => Promise.resolve(void steps.push(1)),
        2: async (at: Store) => {
          steps.push(2)
          await at.write(
            [
              { type: 'del', key: 'old' },
              { type: 'put', key: 'new', value: 'x' },
            ],
            { sync: false },
          )
        },
      }
      await checkFormat(store, { current: 3, migrations })
      expect(steps).toEqual([1, 2])
      expect([await store.get('format'), await store.get('old'), await store.get('new')]).toEqual([
        '3',
        undefined,
        'x',
      ])
      await checkFormat(store, { current: 3, migrations })
      expect(steps).toEqual([1, 2])
    })
  })

  test('a migration that fails is begun again at the next open', async () => {
    await withStore(async (store) => {
      await checkFormat(store, { current: 1 })
      let attempts = 0
      const migrations = {
        1: () => {
          attempts += 1
          return attempts === 1 ? Promise.reject(new Error('power')) : Promise.resolve()
        },
      }
      await expect(checkFormat(store, { current: 2, migrations })).rejects.toThrow('power')
      expect(await store.get('format')).toBe('1')
      await checkFormat(store, { current: 2, migrations })
      expect(await store.get('format')).toBe('2')
    })
  })

  test('an older format that nothing leads on from is refused', async () => {
    await withStore(async (store) => {
      await checkFormat(store, { current: 1 })
      await expect(checkFormat(store, { current: 2, migrations: {} })).rejects.toThrow(
        'cannot be brought up to date',
      )
    })
  })

  describe('from format 1: a wider ring of commits', () => {
    const LAST = 70_000

    /** The traces that format 1 kept: of the last 65,536 commits, without some. */
    async function fillNarrow(store: Store, without: readonly number[] = []): Promise<void> {
      const changes: StoreChange[] = [{ type: 'put', key: 'format', value: '1' }]
      for (let commit = LAST - 65_535; commit <= LAST; commit += 1) {
        const key = `c!${String(commit % 65_536).padStart(5, '0')}`
        if (!without.includes(commit)) changes.push({ type: 'put', key, value: seal(key, String(commit)) })
      }
      await store.write(changes, { sync: false })
    }

    test('nothing seems lost, however often it is begun, and what comes next has its place', async () => {
      await withStore(async (store) => {
        await fillNarrow(store)
        await checkFormat(store)
        expect(await store.get('format')).toBe('4')
        expect(await readCommits(store)).toEqual({ last: LAST, lost: 0 })
        await store.write([{ type: 'put', key: 'format', value: '1' }], { sync: false })
        await checkFormat(store)
        expect(await readCommits(store)).toEqual({ last: LAST, lost: 0 })
        const key = commitKey(LAST + 2)
        await store.write([{ type: 'put', key, value: seal(key, String(LAST + 2)) }], { sync: false })
        expect(await readCommits(store)).toEqual({ last: LAST + 2, lost: 1 })
      })
    })

    test('C2 what was lost before is still found lost', async () => {
      await withStore(async (store) => {
        await fillNarrow(store, [LAST - 65_535, LAST - 5])
        await checkFormat(store)
        expect(await readCommits(store)).toEqual({ last: LAST, lost: 2 })
      })
    })
  })

  test('from format 2: producers go on from their records, with events that say nothing of them', async () => {
    const first = await openEmbedded({ directory })
    await startSession(first, 'a', 3)
    await first.dispose()
    const key = 'p!a!p'
    await putRaw(key, seal(key, '{"producerSeq":7,"offset":3}'))
    await putRaw('format', '2')
    const send = (driver: EmbeddedDriver, producerSeq: number): Promise<Appended> =>
      driver.append({ stream: 'a', drafts: drafts(1), producer: { producerId: 'p', producerSeq } })
    for (const [known, next] of [
      [7, 8],
      [8, 9],
    ] as const) {
      const driver = await openEmbedded({ directory })
      expect((await send(driver, known)).repeated).toBe(true)
      expect(await send(driver, next)).toMatchObject({ repeated: false, head: { offset: next - 4 } })
      await driver.dispose()
    }
  })

  test('from format 3: each event by itself, the last of a batch with its producer', async () => {
    const first = await openEmbedded({ directory })
    await startSession(first, 'a', 3)
    await first.dispose()
    // Behind what the session's record names, as a kill leaves it.
    const events = drafts(5).map((draft, at) => ({ offset: at + 1, ...draft }))
    for (const { offset, type, body } of events) {
      const mark = offset === 5 ? ',p,7' : ''
      const value = seal('a', `${String(offset)};${mark};${type};${body}`)
      await putRaw(`e!a!${String(offset).padStart(16, '0')}`, value)
    }
    await putRaw('format', '3')
    const driver = await openEmbedded({ directory })
    expect(await readAll(driver, 'a')).toEqual(events)
    expect((await driver.producer('a', 'p'))?.producerSeq).toBe(7)
    await driver.append({ stream: 'a', drafts: drafts(2) })
    await driver.compact('a', [2, 4, 6])
    expect((await readAll(driver, 'a')).map(({ offset, prev }) => [offset, prev])).toEqual([
      [1, undefined],
      [3, 1],
      [5, 3],
      [7, 5],
    ])
    expect((await driver.check()).problems).toEqual([])
    await driver.dispose()
  })

  test('a folder that cannot be written is refused in one line', async () => {
    await writeFile(join(directory, 'file'), '')
    await expect(openEmbedded({ directory: join(directory, 'file', 'log') })).rejects.toMatchObject({
      code: 'server_error',
      message: 'The data directory cannot be created: see that it may be written.',
    })
  })
})
