import { describe, expect, it } from 'vitest'
import { createParking } from './parking.ts'
import type { Wait } from './backoff.ts'

const never: Wait = (_, signal) =>
  new Promise((resolve) => {
    signal.addEventListener('abort', () => resolve())
  })
const untilAborted = (signal: AbortSignal) =>
  new Promise<never>((_resolve, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason as Error))
  })

describe('where runs wait for people', () => {
  it('ends the one that waits longest when there are too many', async () => {
    const parking = createParking({ places: 2, wait: never })
    const run = new AbortController()
    const waits = [1, 2, 3].map(() => parking.park(run.signal, untilAborted))
    await expect(waits[0]).rejects.toThrow('waited too long')
    run.abort(new Error('stopped'))
    await expect(waits[1]).rejects.toThrow('stopped')
    await expect(waits[2]).rejects.toThrow('stopped')
  })

  it('ends a wait after its limit, and tells the person to ask again', async () => {
    const parking = createParking({ wait: async () => undefined })
    const waiting = parking.park(new AbortController().signal, untilAborted)
    await expect(waiting).rejects.toMatchObject({ code: 'server_error', retryable: true })
  })

  it('gives back what the wait brought', async () => {
    const parking = createParking({ wait: never })
    await expect(parking.park(new AbortController().signal, () => Promise.resolve('yes'))).resolves.toBe(
      'yes',
    )
  })
})
