import { StreamError } from '@throughline/protocol'
import type { Timers } from '../hub/timers.ts'
import { tooLarge } from './whole-body.ts'

export interface LinesOptions {
  /** Longest line, in bytes. */
  readonly maxBytes: number
  /** A body that is quiet for longer ends. */
  readonly idleMs: number
  readonly timers: Timers
  /** Ends the reading; its reason is thrown. */
  readonly signal: AbortSignal
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
  for await (const chunk of patiently(body, options)) {
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
  endLine()
  if (lines.length > 0) yield take()
}

/** The chunks of a body, each waited for no longer than the idle time. */
async function* patiently(
  body: AsyncIterable<Uint8Array>,
  { idleMs, timers, signal }: LinesOptions,
): AsyncGenerator<Uint8Array, void, undefined> {
  const chunks = body[Symbol.asyncIterator]()
  for (;;) {
    const next = await beforeIdle(chunks.next(), { idleMs, timers, signal })
    if (next.done === true) return
    yield next.value
  }
}

function beforeIdle<T>(
  work: Promise<T>,
  { idleMs, timers, signal }: Omit<LinesOptions, 'maxBytes'>,
): Promise<T> {
  return new Promise((resolve, reject) => {
    const stop = (): void => {
      cancel()
      signal.removeEventListener('abort', onAbort)
    }
    const onAbort = (): void => {
      stop()
      reject(signal.reason instanceof Error ? signal.reason : new Error('aborted'))
    }
    const cancel = timers.schedule(() => {
      stop()
      reject(new StreamError('network_error', 'Nothing came for too long: connect again.', { status: 408 }))
    }, idleMs)
    if (signal.aborted) onAbort()
    else signal.addEventListener('abort', onAbort)
    work.then(resolve, reject).finally(stop)
  })
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
