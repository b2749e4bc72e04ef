import { expect, it } from 'vitest'
import { Walk } from './walk.ts'

/** A clock that moves by `costMs` with each thing that is done, and what is to happen after the turn. */
function setup(costMs: number) {
  let time = 0
  const done: number[] = []
  const later: { run: (() => void) | undefined }[] = []
  const walk = new Walk({
    monotonic: () => time,
    schedule(run) {
      const entry: { run: (() => void) | undefined } = { run }
      later.push(entry)
      return () => (entry.run = undefined)
    },
  })
  function* things(count: number): Generator<undefined> {
    for (let thing = 0; thing < count; thing += 1) {
      time += costMs
      done.push(thing)
      yield
    }
  }
  const turn = (): void => {
    for (const { run } of later.splice(0)) run?.()
  }
  return { walk, things, done, turn, now: () => time, waits: () => later.length }
}

it('S6 ten thousand heartbeats that are due at once never take the event loop for more than a few milliseconds', () => {
  const { walk, things, done, turn, now, waits } = setup(0.05)
  let [longest, began] = [0, now()]
  walk.begin(() => things(10_000))
  for (; ; turn()) {
    longest = Math.max(longest, now() - began)
    began = now()
    if (waits() === 0) break
  }
  expect(done).toEqual(Array.from({ length: 10_000 }, (_, index) => index))
  expect(longest).toBeLessThan(5)
})

it('another walk begins when the last one is over', () => {
  const { walk, things, done, turn, waits } = setup(1)
  walk.begin(() => things(20))
  walk.begin(() => things(20))
  expect(done).toHaveLength(16)
  while (waits() > 0) turn()
  expect(done).toHaveLength(20)
  walk.begin(() => things(3))
  expect(done).toHaveLength(23)
})

it('one that is stopped does no more', () => {
  const { walk, things, done, turn } = setup(1)
  walk.begin(() => things(20))
  walk.stop()
  turn()
  expect(done).toHaveLength(16)
})
