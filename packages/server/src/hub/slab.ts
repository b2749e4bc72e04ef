const encoder = new TextEncoder()
const EMPTY = new Uint8Array(0)

/**
 * Consecutive encoded frames in one piece of memory, so that any number of them go out in one write without a
 * copy. Bytes once written never change: sockets may still hold slices of them.
 */
export class Slab {
  /** Offset before the first frame. */
  readonly after: number
  readonly #memory: Uint8Array
  readonly #offsets: number[] = []
  readonly #ends: number[] = []
  #used = 0
  #sliceFrom = 0
  #slice: Uint8Array = EMPTY

  constructor(after: number, capacity: number) {
    this.after = after
    this.#memory = new Uint8Array(capacity)
  }

  get capacity(): number {
    return this.#memory.length
  }

  /** Offset of the last frame. */
  get last(): number {
    return this.#offsets[this.#offsets.length - 1] ?? this.after
  }

  /** Adds the frame of the event at `offset`; answers its bytes, 0 when there is no room for it. */
  add(offset: number, frame: string): number {
    if (frame.length > this.#memory.length - this.#used) return 0
    const { read, written } = encoder.encodeInto(frame, this.#memory.subarray(this.#used))
    if (read < frame.length) return 0
    this.#used += written
    this.#offsets.push(offset)
    this.#ends.push(this.#used)
    return written
  }

  /** All frames after `offset`. Readers at the same place get the same object, which a sink may rely on. */
  slice(offset: number): Uint8Array {
    const from = offset <= this.after ? 0 : this.#startAfter(offset)
    if (this.#slice.length !== this.#used - from || this.#sliceFrom !== from) {
      this.#sliceFrom = from
      this.#slice = this.#memory.subarray(from, this.#used)
    }
    return this.#slice
  }

  #startAfter(offset: number): number {
    let low = 0
    let high = this.#offsets.length
    while (low < high) {
      const middle = (low + high) >> 1
      if ((this.#offsets[middle] ?? 0) <= offset) low = middle + 1
      else high = middle
    }
    return low === 0 ? 0 : (this.#ends[low - 1] ?? 0)
  }
}
