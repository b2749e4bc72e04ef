import { expect, test } from 'vitest'
import { createTurnstile } from './turnstile.ts'

test('a turnstile lets a few through, has a few wait, and refuses the rest', async () => {
  const through = createTurnstile({ atOnce: 2, waiting: 1 })
  const ends: (() => void)[] = []
  const work = (): Promise<void> => new Promise((resolve) => ends.push(resolve))
  const first = through(work)
  const second = through(work)
  const third = through(work)
  await expect(through(work)).rejects.toMatchObject({ status: 503 })
  expect(ends).toHaveLength(2)
  ends[0]?.()
  await first
  await expect.poll(() => ends.length).toBe(3)
  const failing = through(() => Promise.reject(new Error('broken')))
  ends[1]?.()
  ends[2]?.()
  await Promise.all([second, third])
  await expect(failing).rejects.toThrow('broken')
  expect(await through(() => Promise.resolve('free again'))).toBe('free again')
})
