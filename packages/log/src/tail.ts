import type { Position } from '@throughline/protocol'
import type { Hint } from './backplane.ts'
import type { LogPage } from './log-driver.ts'

export interface TailOptions {
  readonly stream: string
  readonly from: Position | 'start'
  readonly signal: AbortSignal
  readonly read: (from: Position | 'start') => Promise<LogPage>
  readonly onHint: (listener: (hint: Hint) => void) => () => void
  /** Calls back once after `pollMs`; returns how to call it off. */
  readonly setPoll: (look: () => void) => () => void
}

/**
 * Every page after `from`, for ever. Hints are listened to before the first read and growth during a read forces
 * another one, so that nothing falls between replay and live; a poll finds what no hint told.
 *
 * Ends without error when `signal` aborts. @throws CursorExpired, `stream_closed`
 */
export async function* tail(options: TailOptions): AsyncGenerator<LogPage, void, undefined> {
  const { stream, signal } = options
  const bell = createBell(options.setPoll)
  // Whether it grew or ended is for the next read to say: a hint is never believed, it only wakes.
  const unsubscribe = options.onHint((hint) => {
    if ((hint.kind === 'grew' || hint.kind === 'closed') && hint.stream === stream) bell.ring()
  })
  signal.addEventListener('abort', bell.ring)

  try {
    let from = options.from
    while (!signal.aborted) {
      bell.hush()
      const page = await options.read(from)
      const last = page.events.at(-1)
      if (last !== undefined) {
        if (isAborted(signal)) return
        from = { epoch: page.epoch, offset: last.offset }
        yield page
        if (last.offset < page.head.offset) continue
      } else {
        // An empty page fixes the epoch: from 'start', another life of the stream must not pass for this one.
        from = page.head
      }
      await bell.rung()
    }
  } finally {
    unsubscribe()
    signal.removeEventListener('abort', bell.ring)
  }
}

interface Bell {
  ring: () => void
  /** Forgets that it rang. */
  hush: () => void
  /** Resolves when it rang since the last `hush`, or when it is time to look. */
  rung: () => Promise<void>
}

function createBell(setPoll: TailOptions['setPoll']): Bell {
  let rang = false
  let wake: (() => void) | undefined
  const ring = (): void => {
    rang = true
    wake?.()
  }
  return {
    ring,
    hush() {
      rang = false
    },
    async rung() {
      if (rang) return
      await new Promise<void>((resolve) => {
        const callOff = setPoll(ring)
        wake = () => {
          callOff()
          resolve()
        }
      })
      wake = undefined
    },
  }
}

// Asked through a function because aborting happens behind the type checker's back.
function isAborted(signal: AbortSignal): boolean {
  return signal.aborted
}
