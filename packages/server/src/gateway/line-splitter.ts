const LF = 0x0a
const CR = 0x0d

/** Cuts the pieces of a body into its lines, without the blank ones. */
export class LineSplitter {
  readonly #maxBytes: number
  #held: Uint8Array[] = []
  #heldBytes = 0

  /** `maxBytes`: of the longest line. */
  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes
  }

  /** A line is longer than any may be: nothing behind it can be told apart. */
  get isTooLong(): boolean {
    return this.#heldBytes > this.#maxBytes
  }

  /** The lines that end in this piece, up to the first that is too long. */
  push(piece: Uint8Array): Uint8Array[] {
    const lines: Uint8Array[] = []
    let from = 0
    for (let end = piece.indexOf(LF); end !== -1; end = piece.indexOf(LF, from)) {
      this.#hold(piece.subarray(from, end))
      from = end + 1
      if (this.isTooLong) return lines
      this.#endLine(lines)
    }
    this.#hold(from === 0 ? piece : piece.subarray(from))
    return lines
  }

  /** The line that ends with the body, if there is one. */
  end(): Uint8Array[] {
    const lines: Uint8Array[] = []
    this.#endLine(lines)
    return lines
  }

  #hold(bytes: Uint8Array): void {
    this.#heldBytes += bytes.length
    if (bytes.length > 0) this.#held.push(bytes)
  }

  #endLine(lines: Uint8Array[]): void {
    const [first] = this.#held
    const line = first !== undefined && this.#held.length === 1 ? first : join(this.#held, this.#heldBytes)
    // Most pieces end with their line.
    if (this.#held.length > 0) this.#held = []
    this.#heldBytes = 0
    if (line.length > 1 || (line.length === 1 && line[0] !== CR)) lines.push(line)
  }
}

function join(parts: readonly Uint8Array[], length: number): Uint8Array {
  const whole = new Uint8Array(length)
  let at = 0
  for (const part of parts) {
    whole.set(part, at)
    at += part.length
  }
  return whole
}
