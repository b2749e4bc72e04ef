import type { Timers } from './timers.ts'

/** What one turn of the event loop may take; the clock is looked at after so many steps. */
const SLICE_MS = 4
const LOOK_EVERY = 16

/** Does many small things, in slices: between two of them the event loop goes on. */
export class Walk {
  readonly #timers: Timers
  #steps: Iterator<undefined> | undefined
  #cancel: (() => void) | undefined

  constructor(timers: Timers) {
    this.#timers = timers
  }

  /** Begins with what `steps` gives, a thing at each step, unless the last walk is still under way. */
  begin(steps: () => Iterator<undefined>): void {
    if (this.#steps !== undefined) return
    this.#steps = steps()
    this.#goOn()
  }

  stop(): void {
    this.#cancel?.()
    this.#cancel = this.#steps = undefined
  }

  #goOn(): void {
    const until = this.#timers.monotonic() + SLICE_MS
    for (let step = 1; this.#steps?.next().done === false; step++) {
      if (step % LOOK_EVERY > 0 || this.#timers.monotonic() < until) continue
      this.#cancel = this.#timers.schedule(() => {
        this.#goOn()
      }, 0)
      return
    }
    this.#cancel = this.#steps = undefined
  }
}
