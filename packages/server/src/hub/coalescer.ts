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
    this.#cancel = this.#timers.schedule(() => {
      this.#cancel = undefined
      this.#close()
    }, first.windowEnd - this.#timers.monotonic())
  }

  #close(): void {
    // Timers may fire a fraction of a millisecond early.
    const due = this.#timers.monotonic() + 1
    let closed = 0
    while ((this.#open[closed]?.windowEnd ?? Infinity) <= due) closed++
    for (const item of this.#open.splice(0, closed)) {
      item.windowEnd = 0
      if (item.heldBytes > 0) this.#release(item)
    }
    this.#arm()
  }
}
