import { expect, it } from 'vitest'
import { Rounds, type Audience } from './rounds.ts'

/** A clock that only moves when somebody is told, and what is to happen after the turn. */
function setup() {
  let time = 0
  const later: (() => void)[] = []
  const rounds = new Rounds({
    monotonic: () => time,
    schedule(run) {
      later.push(run)
      return () => undefined
    },
  })
  const turn = (): void => {
    for (const run of later.splice(0)) run()
  }
  const audience = (count: number, costMs = 0.01) => {
    const told: number[] = []
    let rounded = 0
    const followers = new Set(
      Array.from({ length: count }, (_, index) => ({
        advance() {
          time += costMs
          told.push(index)
        },
      })),
    )
    const each: Audience = { followers, told: () => rounded++ }
    return { each, told, followers, rounds: () => rounded }
  }
  return { rounds, audience, turn, now: () => time, waits: () => later.length }
}

it('S6 ten thousand readers of one stream never take the event loop for more than a few milliseconds', () => {
  const { rounds, audience, turn, now, waits } = setup()
  const crowd = audience(10_000)
  let [longest, began] = [0, now()]
  rounds.tell(crowd.each)
  for (; ; turn()) {
    longest = Math.max(longest, now() - began)
    began = now()
    if (waits() === 0) break
  }
  expect(crowd.told).toEqual(Array.from({ length: 10_000 }, (_, index) => index))
  expect(longest).toBeLessThan(5)
  expect(crowd.rounds()).toBe(1)
})

it('a few readers are told at once, also while a crowd is being told', () => {
  const { rounds, audience, turn, waits } = setup()
  const [crowd, few] = [audience(2_000), audience(3)]
  rounds.tell(crowd.each)
  rounds.tell(few.each)
  expect([few.told, few.rounds()]).toEqual([[0, 1, 2], 1])
  expect(crowd.told.length).toBeLessThan(2_000)
  while (waits() > 0) turn()
  expect(crowd.told).toHaveLength(2_000)
})

it('crowds take turns', () => {
  const { rounds, audience, turn, waits } = setup()
  const [one, other] = [audience(5_000), audience(5_000)]
  rounds.tell(one.each)
  rounds.tell(other.each)
  for (let turns = 0; turns < 4; turns++) turn()
  expect(Math.abs(one.told.length - other.told.length)).toBeLessThan(600)
  while (waits() > 0) turn()
  expect([one.told.length, other.told.length]).toEqual([5_000, 5_000])
})

it('what comes during a round is told to all in one more, and who left is told nothing', () => {
  const { rounds, audience, turn, waits } = setup()
  const crowd = audience(1_000)
  rounds.tell(crowd.each)
  for (let more = 0; more < 5; more++) rounds.tell(crowd.each)
  const last = [...crowd.followers].at(-1)
  if (last !== undefined) crowd.followers.delete(last)
  while (waits() > 0) turn()
  expect(crowd.told).toHaveLength(2 * 999)
  expect(crowd.told).not.toContain(999)
  crowd.followers.clear()
  rounds.tell(crowd.each)
  expect(waits()).toBe(0)
})
