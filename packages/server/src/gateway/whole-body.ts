import { StreamError } from '@throughline/protocol'

/** Collects a body that comes in pieces. */
export class WholeBody {
  readonly #limit: number
  readonly #chunks: Uint8Array[] = []
  #length = 0

  constructor(limit: number) {
    this.#limit = limit
  }

  /** @throws StreamError 413 when it grows beyond the limit */
  add(chunk: Uint8Array): void {
    this.#length += chunk.length
    if (this.#length > this.#limit) throw tooLarge(this.#limit)
    this.#chunks.push(chunk)
  }

  bytes(): Uint8Array {
    const [first] = this.#chunks
    if (first !== undefined && this.#chunks.length === 1) return first
    const bytes = new Uint8Array(this.#length)
    let at = 0
    for (const chunk of this.#chunks) {
      bytes.set(chunk, at)
      at += chunk.length
    }
    return bytes
  }
}

/** @throws StreamError 413 */
export function tooLarge(limit: number): StreamError {
  return new StreamError('invalid_request', `Send at most ${String(limit)} bytes.`, { status: 413 })
}
