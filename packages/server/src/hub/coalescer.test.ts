import { expect, it } from 'vitest'
import { Coalescer, type Coalesced } from './coalescer.ts'
import { createManualTimers } from './testing/manual-timers.ts'

function setup(windowMs = 16) {
  const timers = createManualTimers()
  const coalescer = new Coalescer(timers, windowMs)
  const item = () => {
    const published: number[] = []
    const coalesced: Coalesced = {
      windowEnd: 0,
      heldBytes: 0,
      publish: () => published.push(timers.monotonic()),
    }
    return {
      coalesced,
      published,
      news: (bytes = 10, urgent = false) => coalescer.grew(coalesced, bytes, urgent),
    }
  }
  return { timers, item }
}

it('lets the first news after quiet go at once and the rest together when the window closes', () => {
  const { timers, item } = setup()
  const { news, published } = item()
  news()
  expect(published).toEqual([1_000])
  timers.advance(5)
  news()
  news()
  expect(published).toHaveLength(1)
  timers.advance(11)
  expect(published).toEqual([1_000, 1_016])
  timers.advance(16)
  expect(timers.pending).toBe(0)
  news()
  expect(published).toEqual([1_000, 1_016, 1_032])
})

it('never holds back urgent news or more than 16 KiB', () => {
  const { item } = setup()
  const { news, published } = item()
  news()
  news(10, true)
  expect(published).toHaveLength(2)
  news(16_383)
  expect(published).toHaveLength(2)
  news(1)
  expect(published).toHaveLength(3)
})

it('serves many streams with one timer', () => {
  const { timers, item } = setup()
  const items = Array.from({ length: 50 }, item)
  for (const { news } of items) {
    news()
    news()
    expect(timers.pending).toBe(1)
  }
  timers.advance(5)
  const late = item()
  late.news()
  late.news()
  timers.advance(11)
  for (const { published } of items) expect(published).toEqual([1_000, 1_016])
  expect(late.published).toHaveLength(1)
  timers.advance(5)
  expect(late.published).toEqual([1_005, 1_021])
})

it('holds nothing back without a window', () => {
  const { timers, item } = setup(0)
  const { news, published } = item()
  news()
  news()
  expect(published).toHaveLength(2)
  expect(timers.pending).toBe(0)
})
