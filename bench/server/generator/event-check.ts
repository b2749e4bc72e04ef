import { findPayload, isPayload, labelOf, PAYLOAD_BYTES } from './payload.ts'

/** Checks one reader's events as their bytes arrive: each is the next of its source, and its text is the right one. */
export class EventCheck {
  readonly #first: number
  readonly #next: Float64Array
  readonly #onEvent: (label: number, number: number) => void
  #rest: Buffer | undefined

  /** The stream that it reads carries `count` sources, labelled `first`, `first + 1` …; each counts from `next`. */
  constructor(
    { first, count, next = 0 }: { readonly first: number; readonly count: number; readonly next?: number },
    onEvent: (label: number, number: number) => void,
  ) {
    this.#first = first
    this.#next = new Float64Array(count).fill(next)
    this.#onEvent = onEvent
  }

  /** Takes `bytes[from, to)` of the body; the buffer may be used again afterwards. @throws at anything else */
  take(bytes: Buffer, from: number, to: number): void {
    if (this.#rest !== undefined) {
      const whole = Buffer.concat([this.#rest, bytes.subarray(from, to)])
      this.#rest = undefined
      this.#scan(whole, 0, whole.length)
    } else this.#scan(bytes, from, to)
  }

  #scan(bytes: Buffer, from: number, to: number): void {
    for (
      let at = findPayload(bytes, from);
      at !== -1 && at < to;
      at = findPayload(bytes, at + PAYLOAD_BYTES)
    ) {
      if (at + PAYLOAD_BYTES > to) {
        this.#rest = Buffer.from(bytes.subarray(at, to))
        return
      }
      const label = labelOf(bytes, at)
      const number = this.#next[label - this.#first]
      if (number === undefined || !isPayload(bytes, at, label, number)) {
        const found = bytes.toString('latin1', at, at + PAYLOAD_BYTES)
        throw new Error(`event ${number ?? 'of another stream'} was due, and this came: ${found}`)
      }
      this.#next[label - this.#first] = number + 1
      this.#onEvent(label, number)
    }
  }
}
