import { StreamError } from '@throughline/protocol'
import type { Envelope } from '@throughline/protocol'
import type { Unsubscribe } from './session.ts'

/** Events that wait for a slow reader. */
const MAX_WAITING = 1_000

export interface EventSourceHooks {
  readonly subscribe: (listener: (event: Envelope) => void) => Unsubscribe
  readonly signal: AbortSignal | undefined
}

/** Turns listening into iterating. Listens from the first `next` on, and no longer than somebody iterates. */
export async function* iterateEvents({ subscribe, signal }: EventSourceHooks): AsyncGenerator<Envelope> {
  const waiting: Envelope[] = []
  const state = { overflowed: false }
  let wake = (): void => undefined
  const leave = subscribe((event) => {
    if (waiting.length < MAX_WAITING) waiting.push(event)
    else state.overflowed = true
    wake()
  })
  const onAbort = (): void => {
    wake()
  }
  signal?.addEventListener('abort', onAbort)
  try {
    while (signal?.aborted !== true) {
      const event = waiting.shift()
      if (event !== undefined) {
        yield event
        if (event.type === 'session_closed') return
      } else if (state.overflowed)
        throw new StreamError('cursor_expired', 'The reader fell 1,000 events behind: iterate faster.')
      else await new Promise<void>((resolve) => (wake = resolve))
    }
  } finally {
    leave()
    signal?.removeEventListener('abort', onAbort)
  }
}
