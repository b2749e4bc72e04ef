import type { Timers } from './timers.ts'

/** What is held back for a moment so that it goes out in fewer, larger writes. */
export interface Coalesced {
  /** When its window closes, monotonic; 0 while it is quiet. Owned by the coalescer. */
  windowEnd: number
  /** Bytes held back. Owned by the coalescer. */
  heldBytes: number
  /** Gives everything to those who wait for it. */
  publish(): void
}

/** Bytes after which nothing is held back any longer. */
const HOLD_BYTES = 16_384

/** What one turn of the event loop may take; the clock is looked at after so many streams. */
const SLICE_MS = 4
const LOOK_EVERY = 16

/**
 * The first news after quiet goes at once and opens a window; what follows within the window goes together when it
 * closes. One timer serves all streams: windows are equally long, so they close in the order they opened.
 */
export class Coalescer {
  readonly #timers: Timers
  readonly #windowMs: number
  #open: Coalesced[] = []
  #cancel: (() => void) | undefined

  constructor(timers: Timers, windowMs: number) {
    this.#timers = timers
    this.#windowMs = windowMs
  }

  /** Takes note of `bytes` of news; `urgent` ones never wait. */
  grew(item: Coalesced, bytes: number, urgent: boolean): void {
    item.heldBytes += bytes
    if (urgent || item.windowEnd === 0 || item.heldBytes >= HOLD_BYTES) this.#release(item)
  }

  #release(item: Coalesced): void {
    item.heldBytes = 0
    if (item.windowEnd === 0 && this.#windowMs > 0) {
      item.windowEnd = this.#timers.monotonic() + this.#windowMs
      this.#open.push(item)
      this.#arm()
    }
    item.publish()
  }

  #arm(): void {
    const first = this.#open[0]
    if (first === undefined || this.#cancel !== undefined) return
    // Set until the windows are closed: those that open meanwhile are armed for then.
    this.#cancel = this.#timers.schedule(() => {
      this.#close()
    }, first.windowEnd - this.#timers.monotonic())
  }

  #close(): void {
    const began = this.#timers.monotonic()
    // Timers may fire a fraction of a millisecond early.
    const due = began + 1
    // Those that open another window meanwhile come after these.
    const open = this.#open.length
    let closed = 0
    while (closed < open) {
      const item = this.#open[closed]
      if (item === undefined || item.windowEnd > due) break
      closed++
      item.windowEnd = 0
      if (item.heldBytes > 0) this.#release(item)
      // The rest is due, too: the event loop goes first.
      if (closed % LOOK_EVERY === 0 && this.#timers.monotonic() - began >= SLICE_MS) break
    }
    this.#open.splice(0, closed)
    this.#cancel = undefined
    this.#arm()
  }
}
