import { createPatience, type PatienceOptions } from './patience.ts'
import { tooLarge } from './whole-body.ts'

export interface LinesOptions extends PatienceOptions {
  /** Longest line, in bytes. */
  readonly maxBytes: number
}

const LF = 0x0a
const CR = 0x0d

/**
 * Lines of a body as they arrive, those that came together in one list, without the blank ones; reading them slowly
 * slows the sender. @throws StreamError
 */
export async function* readLines(
  body: AsyncIterable<Uint8Array>,
  options: LinesOptions,
): AsyncGenerator<readonly Uint8Array[], void, undefined> {
  const { maxBytes } = options
  let held: Uint8Array[] = []
  let heldBytes = 0
  let lines: Uint8Array[] = []
  /** Whether the line is still none too long. */
  const hold = (bytes: Uint8Array): boolean => {
    heldBytes += bytes.length
    if (bytes.length > 0) held.push(bytes)
    return heldBytes <= maxBytes
  }
  /** Ends the line held. */
  const endLine = (): void => {
    const line = held.length === 1 && held[0] !== undefined ? held[0] : join(held, heldBytes)
    held = []
    heldBytes = 0
    if (line.length > 1 || (line.length === 1 && line[0] !== CR)) lines.push(line)
  }
  const take = (): Uint8Array[] => {
    const taken = lines
    lines = []
    return taken
  }
  const chunks = body[Symbol.asyncIterator]()
  const patience = createPatience(options)
  try {
    for (;;) {
      const next = await patience.wait(chunks.next())
      if (next.done === true) break
      const chunk = next.value
      let from = 0
      let fits = true
      for (let end = chunk.indexOf(LF); end !== -1 && fits; end = chunk.indexOf(LF, from)) {
        fits = hold(chunk.subarray(from, end))
        from = end + 1
        if (fits) endLine()
      }
      if (lines.length > 0) yield take()
      if (!fits || !hold(chunk.subarray(from))) throw tooLarge(maxBytes)
    }
  } finally {
    patience.stop()
    // Not waited for: it may stand behind a piece that never comes.
    chunks.return?.().catch(() => undefined)
  }
  endLine()
  if (lines.length > 0) yield take()
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
