import { StreamError } from '@throughline/protocol'

/** Work that may wait for its turn. */
const MAX_WAITING = 64

/** Lets so many pieces of work run at one time; the others wait their turn. @throws `rate_limited` beyond 64 of them */
export function createTurns(concurrency: number): <T>(work: () => Promise<T>) => Promise<T> {
  const waiting: (() => void)[] = []
  let running = 0
  return async (work) => {
    if (running >= concurrency) {
      if (waiting.length >= MAX_WAITING)
        throw new StreamError('rate_limited', 'Busy: try again.', { status: 503 })
      await new Promise<void>((resolve) => waiting.push(resolve))
    }
    running += 1
    try {
      return await work()
    } finally {
      running -= 1
      waiting.shift()?.()
    }
  }
}
