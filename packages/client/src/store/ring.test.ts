import { expect, it } from 'vitest'
import { createRing } from './ring.ts'

it('holds the newest so many', () => {
  const ring = createRing<number>(3)
  for (let at = 0; at < 10; at++) ring.push(at)
  expect([ring.recent(), ring.recent(2), ring.recent(0)]).toEqual([[7, 8, 9], [8, 9], []])
  ring.clear()
  expect(ring.recent()).toEqual([])
})

it('holds no more text than it may, and always the newest', () => {
  const ring = createRing<{ readonly at: number; readonly data: unknown }>(1_000, 100)
  for (let at = 0; at < 50; at++)
    ring.push({ at, data: { parts: ['x'.repeat(20), { more: 'y'.repeat(20) }] } })
  expect(ring.recent().map(({ at }) => at)).toEqual([48, 49])
  ring.push({ at: 50, data: 'z'.repeat(5_000) })
  expect(ring.recent().map(({ at }) => at)).toEqual([50])
  ring.push({ at: 51, data: '' })
  expect(ring.recent().map(({ at }) => at)).toEqual([51])
})
