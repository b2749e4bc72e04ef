import type { EventLog } from '@throughline/log'
import { expect, it } from 'vitest'
import { PageCache } from './page-cache.ts'
import { createHubWorld } from './testing/hub-world.ts'

async function setup({ count, maxBytes }: { count: number; maxBytes?: number }) {
  const world = createHubWorld()
  await world.createSession('a')
  if (count > 0) await world.append('a', count)
  const counts = { reads: 0, failures: 0 }
  const log: EventLog = {
    ...world.log,
    read(...args) {
      counts.reads++
      return counts.failures-- > 0 ? Promise.reject(new Error('disk')) : world.log.read(...args)
    },
  }
  const cache = new PageCache({ log, ...(maxBytes !== undefined && { maxBytes }) })
  const { epoch } = await world.log.head('a')
  return { world, counts, cache, get: (offset: number) => cache.get('a', { epoch, offset }) }
}

it('reads and encodes a page once for all readers at one place', async () => {
  const { counts, get } = await setup({ count: 600 })
  const pages = await Promise.all(Array.from({ length: 50 }, () => get(0)))
  expect(new Set(pages).size).toBe(1)
  expect(await get(0)).toBe(pages[0])
  expect(counts.reads).toBe(1)
})

it('lets readers who began at different places meet on the same pages', async () => {
  const { counts, get } = await setup({ count: 1_200 })
  expect((await get(3)).last).toBe(512)
  expect((await get(400)).last).toBe(512)
  expect(await get(512)).toBe(await get(512))
  expect((await get(1_024)).last).toBe(1_200)
  expect(counts.reads).toBe(4)
})

it('never keeps an empty page or a failure: the next reader may find more', async () => {
  const { world, counts, get, cache } = await setup({ count: 2 })
  expect(await get(2)).toMatchObject({ last: 2, head: { offset: 2 } })
  await world.append('a')
  expect((await get(2)).last).toBe(3)
  counts.failures = 1
  await expect(get(0)).rejects.toThrow('disk')
  expect((await get(0)).last).toBe(3)
  expect(cache.bytes).toBeGreaterThan(0)
})

it('keeps a bounded number of bytes, those used last', async () => {
  const { counts, cache, get } = await setup({ count: 512 * 8, maxBytes: 200_000 })
  for (const page of [0, 1, 2, 0, 3, 4, 0, 5, 6, 7]) await get(page * 512)
  expect(cache.bytes).toBeLessThanOrEqual(200_000)
  const { reads } = counts
  await get(7 * 512)
  expect(counts.reads).toBe(reads)
  await get(512)
  expect(counts.reads).toBe(reads + 1)
})

it('forgets what nobody asked for between two sweeps, and a stream that ended', async () => {
  const { counts, cache, get } = await setup({ count: 600 })
  await get(0)
  await get(512)
  cache.sweep()
  await get(0)
  cache.sweep()
  const { reads } = counts
  await get(0)
  expect(counts.reads).toBe(reads)
  await get(512)
  expect(counts.reads).toBe(reads + 1)
  cache.clear('b')
  expect(cache.bytes).toBeGreaterThan(0)
  cache.clear('a')
  expect(cache.bytes).toBe(0)
})
