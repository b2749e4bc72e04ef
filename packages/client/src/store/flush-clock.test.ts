import { expect, it } from 'vitest'
import { createFakeEnvironment } from '../testing/fake-environment.ts'
import { createFlushClock } from './flush-clock.ts'

/** The times of flushes while something is added every millisecond, on a page whose frames take so long. */
async function flushTimes(frameMs: number, forMs: number): Promise<readonly number[]> {
  const environment = createFakeEnvironment()
  const times: number[] = []
  const slow = {
    ...environment,
    requestFrame: (callback: () => void) => {
      const next = (Math.floor(environment.now() / frameMs) + 1) * frameMs
      return environment.setTimer(callback, next - environment.now())
    },
  }
  const clock = createFlushClock(slow, () => times.push(environment.now()))
  for (let at = 0; at < forMs; at += 1) {
    clock.add(1, false)
    await environment.advance(1)
  }
  clock.close()
  expect(environment.pending).toBe(0)
  return times
}

const pauses = (times: readonly number[]): number[] =>
  times.slice(1).map((time, at) => time - (times[at] ?? 0))

it('flushes every second frame of a page that keeps up', async () => {
  const times = await flushTimes(1000 / 60, 1_000)
  expect(times.length).toBeGreaterThanOrEqual(28)
  expect(Math.min(...pauses(times))).toBeGreaterThanOrEqual(30)
})

it('leaves a page that takes 60 ms for what it is shown as long for everything else', async () => {
  expect(Math.min(...pauses(await flushTimes(60, 2_000)))).toBeGreaterThanOrEqual(115)
})

it('flushes every 250 ms whatever the frames do', async () => {
  const all = pauses(await flushTimes(10_000, 2_000))
  expect(all.length).toBeGreaterThanOrEqual(5)
  expect(Math.max(...all)).toBeLessThanOrEqual(251)
})
