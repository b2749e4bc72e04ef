import { expect, it } from 'vitest'
import { defaultEnvironment } from './environment.ts'

it('a server runtime is online, seen, and has time and frames', async () => {
  const environment = defaultEnvironment()
  expect([environment.isOnline(), environment.isVisible()]).toEqual([true, true])
  await new Promise<void>((resolve) => void environment.setTimer(resolve, 0))
  await new Promise<void>((resolve) => void environment.requestFrame(resolve))
  const never = environment.requestFrame(() => {
    throw new Error('was cancelled')
  })
  environment.cancelFrame(never)
  environment.watch(() => undefined)()
  expect(await environment.exclusively('name', () => Promise.resolve(7))).toBe(7)
})

it('ids are what a server accepts, and never the same', () => {
  const { uuid } = defaultEnvironment()
  const ids = new Set(Array.from({ length: 1_000 }, uuid))
  expect(ids.size).toBe(1_000)
  for (const id of ids) expect(id).toMatch(/^[A-Za-z0-9_-]{1,56}$/)
})
