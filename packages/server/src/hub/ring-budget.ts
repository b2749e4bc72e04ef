/** Holds memory that it can give up, piece by piece. */
export interface Holder {
  /** Gives up its oldest piece; `false` when nothing is left. */
  shrink(): boolean
}

/**
 * The memory that holders have together. Beyond its bound the one that has not grown for longest gives up its oldest first:
 * whoever wants that again reads it from the log.
 */
export class RingBudget {
  readonly #maxBytes: number
  /** The one that grew last comes last. */
  readonly #holders = new Set<Holder>()
  #bytes = 0

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes
  }

  /** Held by all, in bytes: at most `maxBytes`, or what the holder that grew last has alone. */
  get bytes(): number {
    return this.#bytes
  }

  /** `holder` has grown by so many bytes. */
  took(holder: Holder, bytes: number): void {
    this.#bytes += bytes
    this.#holders.delete(holder)
    this.#holders.add(holder)
    for (const other of this.#holders) {
      while (this.#bytes > this.#maxBytes && other !== holder) {
        if (!other.shrink()) {
          this.#holders.delete(other)
          break
        }
      }
      if (this.#bytes <= this.#maxBytes) return
    }
  }

  /** So many bytes were given up. */
  gave(bytes: number): void {
    this.#bytes -= bytes
  }

  /** `holder` has given up everything, and will not grow again. */
  forget(holder: Holder): void {
    this.#holders.delete(holder)
  }
}
