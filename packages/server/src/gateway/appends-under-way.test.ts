import { expect, test } from 'vitest'
import type { Position } from '@throughline/protocol'
import { AppendsUnderWay } from './appends-under-way.ts'

const at = (offset: number): Position => ({ epoch: 'e', offset })

test('the place of the last one is told when all are done', async () => {
  const appends = new AppendsUnderWay(() => undefined)
  expect(await appends.finish()).toBeUndefined()
  const [first, second] = [Promise.withResolvers<Position>(), Promise.withResolvers<Position>()]
  appends.add(1, first.promise)
  appends.add(3, second.promise)
  const finished = appends.finish()
  first.resolve(at(1))
  second.resolve(at(3))
  expect(await finished).toEqual({ head: at(3), producerSeq: 3 })
})

test('L8 of two that are refused the first in order is told, though it is known last', async () => {
  let told = 0
  const appends = new AppendsUnderWay(() => (told += 1))
  const first = Promise.withResolvers<Position>()
  appends.add(1, first.promise)
  appends.add(2, Promise.reject(new Error('a gap')))
  await Promise.resolve()
  expect([appends.isRefused, told]).toEqual([true, 1])
  const finished = appends.finish()
  first.reject(new Error('not written'))
  await expect(finished).rejects.toThrow('not written')
})

test('whoever has sixteen under way waits until one is done', async () => {
  const appends = new AppendsUnderWay(() => undefined)
  const all = Array.from({ length: 16 }, () => Promise.withResolvers<Position>())
  all.forEach(({ promise }, index) => {
    expect(appends.isFull).toBe(false)
    appends.add(index + 1, promise)
  })
  expect(appends.isFull).toBe(true)
  let hasRoom = false
  const room = appends.room().then(() => (hasRoom = true))
  await Promise.resolve()
  expect(hasRoom).toBe(false)
  all[0]?.resolve(at(1))
  await room
  expect(appends.isFull).toBe(false)
  for (const { resolve } of all) resolve(at(2))
  await appends.settled()
})
