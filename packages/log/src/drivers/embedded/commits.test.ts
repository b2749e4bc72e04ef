import { expect, test } from 'vitest'
import { Commits } from './commits.ts'
import type { Store } from './store.ts'

/** Commits over a store that writes at once, and a clock that is set. */
function openCommits() {
  const clock = { ms: 0 }
  const writes: number[] = []
  const timers: { fn: () => void; atMs: number }[] = []
  const store = {
    write: (changes: readonly unknown[]) => {
      // The last change is the commit's own number.
      writes.push(changes.length - 1)
      return Promise.resolve()
    },
  } as unknown as Store
  const commits = new Commits({
    store,
    sync: false,
    last: 0,
    onCommit: () => undefined,
    now: () => clock.ms,
    setTimer: (fn, delayMs) => timers.push({ fn, atMs: clock.ms + delayMs }),
  })
  const step = (key: string): Promise<string> => {
    const batch = commits.batch()
    batch.put(key, '')
    return batch.done(() => key)
  }
  /** Lets time pass, and what is due begin. */
  const pass = (ms: number): void => {
    clock.ms += ms
    for (const { fn } of timers.splice(0, timers.findLastIndex(({ atMs }) => atMs <= clock.ms) + 1)) fn()
  }
  return { commits, writes, timers, step, pass }
}

test('what is put in one turn of the event loop is one write', async () => {
  const { writes, step } = openCommits()
  await Promise.all(['a', 'b', 'c'].map(step))
  expect(writes).toEqual([3])
})

test('a few writes follow one another at once, then one begins each millisecond and takes what came meanwhile', async () => {
  const { writes, timers, step, pass } = openCommits()
  for (let at = 0; at < 16; at += 1) await step(String(at))
  expect(timers).toEqual([])

  const waiting = [step('a')]
  expect(timers.map(({ atMs }) => atMs)).toEqual([1])
  waiting.push(step('b'), step('c'))
  pass(1)
  expect(await Promise.all(waiting)).toEqual(['a', 'b', 'c'])
  expect(writes).toEqual([...Array.from({ length: 16 }, () => 1), 3])

  // After quiet nobody waits again.
  pass(20)
  await step('d')
  expect(timers).toEqual([])
})

test('closing writes what waits for its millisecond', async () => {
  const { commits, writes, step, pass } = openCommits()
  for (let at = 0; at < 16; at += 1) await step(String(at))
  const [last, closed] = [step('last'), commits.close()]
  pass(1)
  expect(await last).toBe('last')
  await closed
  expect(writes).toHaveLength(17)
  expect(() => commits.batch()).toThrow()
})
