import type { Environment, Timer } from '../environment.ts'

/** Least time between two flushes while the page is seen. */
const FLUSH_MS = 33
/** A frame of 60 Hz comes a little early or late. */
const FRAME_SLACK_MS = 2
/** Time between flushes while it is not, and the longest wait for a frame that does not come. */
const HIDDEN_FLUSH_MS = 250
/** What may wait for a flush: beyond it, reading stops. */
const MAX_QUEUED = 2_000
const MAX_QUEUED_LENGTH = 2 * 1_048_576

/** When to flush. */
export interface FlushClock {
  /** Something of this many characters waits to be shown; `urgent` shows it with what came in the same read. */
  add(length: number, urgent: boolean): void
  /** Something other than an event is to be shown; `urgent` shows it before this returns. */
  request(urgent: boolean): void
  /** Set while too much waits: resolves at the next flush. */
  full(): Promise<void> | undefined
  close(): void
}

/**
 * Decides when what was received is folded and shown: once a frame at most, not once an event, and so rarely that showing
 * it takes no more than half of the page's time.
 */
export function createFlushClock(environment: Environment, flush: () => void): FlushClock {
  let timer: Timer
  let soon: Timer
  let frame: Timer
  let rest: Timer
  let last = -Infinity
  /** From one flush to the next. */
  let pause = FLUSH_MS
  let queued = 0
  let length = 0
  let isFlushing = false
  let waiters: (() => void)[] = []

  const cancel = (): void => {
    environment.clearTimer(timer)
    environment.clearTimer(soon)
    environment.cancelFrame(frame)
    timer = soon = frame = undefined
  }

  const fire = (): void => {
    if (isFlushing) return schedule()
    cancel()
    last = environment.now()
    awaitRest()
    queued = length = 0
    const woken = waiters
    waiters = []
    isFlushing = true
    try {
      flush()
    } finally {
      isFlushing = false
      for (const wake of woken) wake()
    }
  }

  /** The frame after a flush comes once the page has shown it: a page that took long gets as long for all else. */
  const awaitRest = (): void => {
    environment.cancelFrame(rest)
    pause = environment.isVisible() ? Infinity : FLUSH_MS
    if (pause === FLUSH_MS) return
    rest = environment.requestFrame(() => {
      pause = Math.max(FLUSH_MS, 2 * (environment.now() - last))
    })
  }

  const onFrame = (): void => {
    const since = environment.now() - last
    if (since >= pause - FRAME_SLACK_MS) fire()
    else frame = environment.requestFrame(onFrame)
  }

  const schedule = (): void => {
    if (timer !== undefined) return
    timer = environment.setTimer(fire, HIDDEN_FLUSH_MS)
    if (environment.isVisible()) frame = environment.requestFrame(onFrame)
  }

  const request = (urgent: boolean): void => {
    if (urgent) fire()
    else schedule()
  }

  return {
    request,
    add(more, urgent) {
      queued++
      length += more
      if (!urgent) schedule()
      // What came with it is read in microtasks; timers of a hidden page are slow, and nobody looks.
      else if (environment.isVisible()) soon ??= environment.setTimer(fire, 0)
      else fire()
    },
    full() {
      if (queued < MAX_QUEUED && length < MAX_QUEUED_LENGTH) return undefined
      if (environment.isVisible()) return new Promise((resolve) => waiters.push(resolve))
      // Nobody looks: nothing to be gained by waiting.
      fire()
      return undefined
    },
    close() {
      cancel()
      environment.cancelFrame(rest)
      for (const wake of waiters.splice(0)) wake()
    },
  }
}
