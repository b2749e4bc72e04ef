import type { RingBudget } from './ring-budget.ts'
import { Slab } from './slab.ts'

/** Largest slab that holds more than one frame, and so the largest write of a live stream. */
const MAX_SLAB_BYTES = 65_536
const FIRST_SLAB_BYTES = 4_096

/**
 * The newest encoded frames of one stream, without a gap up to its known head; the oldest go when it, or all rings
 * together, are full.
 */
export class Ring {
  readonly #maxBytes: number
  readonly #budget: RingBudget
  readonly #slabs: Slab[] = []
  #after: number
  #bytes = 0

  /** `after`: the offset that the first frame will follow. */
  constructor(after: number, maxBytes: number, budget: RingBudget) {
    this.#after = after
    this.#maxBytes = maxBytes
    this.#budget = budget
  }

  /** Readers at this offset or later find all that follows here. */
  get after(): number {
    return this.#after
  }

  /** Offset of the newest frame. */
  get head(): number {
    return this.#slabs[this.#slabs.length - 1]?.last ?? this.#after
  }

  /** Memory held, in bytes: at most `maxBytes`, or one frame when that is larger. */
  get bytes(): number {
    return this.#bytes
  }

  /** Adds the frame of the event that follows the head; answers its bytes. */
  push(offset: number, frame: string): number {
    const written = this.#slabs[this.#slabs.length - 1]?.add(offset, frame) ?? 0
    return written > 0 ? written : this.#open(frame).add(offset, frame)
  }

  /** The slab that holds what follows `offset`; `undefined` when that is no longer, or not yet, here. */
  find(offset: number): Slab | undefined {
    if (offset < this.#after) return undefined
    for (let i = this.#slabs.length - 1; i >= 0; i--) {
      const slab = this.#slabs[i]
      if (slab === undefined || slab.last <= offset) return this.#slabs[i + 1]
    }
    return this.#slabs[0]
  }

  /** Gives up the oldest frames, a slab of them; `false` when there are none. */
  shrink(): boolean {
    const slab = this.#slabs.shift()
    if (slab === undefined) return false
    this.#bytes -= slab.capacity
    this.#after = slab.last
    this.#budget.gave(slab.capacity)
    return true
  }

  /** Nobody needs it any longer. */
  close(): void {
    while (this.shrink());
    this.#budget.forget(this)
  }

  #open(frame: string): Slab {
    const largest = Math.min(MAX_SLAB_BYTES, Math.max(1_024, this.#maxBytes >> 2))
    const former = this.#slabs[this.#slabs.length - 1]
    const wanted = Math.min(largest, Math.max(FIRST_SLAB_BYTES, (former?.capacity ?? 0) * 4))
    const slab = new Slab(this.head, frame.length * 3 <= wanted ? wanted : byteLength(frame, wanted))
    this.#slabs.push(slab)
    this.#bytes += slab.capacity
    while (this.#bytes > this.#maxBytes && this.#slabs.length > 1) this.shrink()
    this.#budget.took(this, slab.capacity)
    return slab
  }
}

const encoder = new TextEncoder()

function byteLength(frame: string, atLeast: number): number {
  return Math.max(atLeast, encoder.encode(frame).length)
}
