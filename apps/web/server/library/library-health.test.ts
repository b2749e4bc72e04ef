import { StreamError } from '@throughline/protocol'
import { expect, test } from 'vitest'
import { createLibraryHealth } from './library-health.ts'

test('it is well once it was whole, asks once for all who wait, and again after a refusal', async () => {
  const asked: { resolve: () => void; reject: (error: Error) => void }[] = []
  const { healthy } = createLibraryHealth(
    () =>
      new Promise((resolve, reject) => {
        asked.push({ resolve, reject })
      }),
  )
  const refused = [healthy(), healthy()]
  expect(asked).toHaveLength(1)
  const late = new StreamError('server_error', 'The library is being brought up to date.', { status: 503 })
  asked[0]?.reject(late)
  for (const each of refused) await expect(each).rejects.toBe(late)

  const well = healthy()
  asked[1]?.resolve()
  await well
  await healthy()
  expect(asked).toHaveLength(2)
})
