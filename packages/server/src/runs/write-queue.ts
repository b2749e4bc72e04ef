import { StreamError, type Draft, type Position } from '@throughline/protocol'
import type { Timers } from '../hub/timers.ts'
import type { RunBatch } from './run-port.ts'

export interface WriteQueueOptions {
  readonly append: (batch: RunBatch) => Promise<Position>
  /** Asked before a group is sent again: whether it could still be accepted. */
  readonly mayRetry: () => boolean
  readonly timers: Timers
  readonly random: () => number
}

interface Entry {
  readonly drafts: readonly Draft[]
  readonly end: boolean
  readonly length: number
  readonly resolve: (position: Position) => void
  readonly reject: (error: unknown) => void
}

/** Most that goes in one group. */
const GROUP_EVENTS = 200
const GROUP_LENGTH = 262_144
/** Most that waits, in characters of JSON: an agent that does not await its writes is told. */
const MAX_HELD_LENGTH = 8 * 1_048_576
const FIRST_RETRY_MS = 100
const MAX_RETRY_MS = 2_000

/** Groups of events in order, one under way at a time; what is pushed meanwhile goes together in the next. */
export class WriteQueue {
  readonly #options: WriteQueueOptions
  #entries: Entry[] = []
  #heldLength = 0
  #seq = 0
  #failure: unknown
  #running: Promise<void> | undefined

  constructor(options: WriteQueueOptions) {
    this.#options = options
  }

  /** Number of the last group that may have been accepted. */
  get seq(): number {
    return this.#seq
  }

  /** Resolves to the place of the last draft. @throws StreamError when the group is refused or the queue failed */
  push(drafts: readonly Draft[], end: boolean): Promise<Position> {
    if (this.#failure !== undefined) return Promise.reject(asError(this.#failure))
    let length = 0
    for (const draft of drafts) length += JSON.stringify(draft).length
    if (this.#heldLength + length > MAX_HELD_LENGTH && this.#entries.length > 0) {
      return Promise.reject(new StreamError('rate_limited', 'Too much waits to be written: await write().'))
    }
    return new Promise((resolve, reject) => {
      this.#entries.push({ drafts, end, length, resolve, reject })
      this.#heldLength += length
      this.#running ??= this.#drain()
    })
  }

  /** Refuses what waits and whatever comes. */
  fail(error: unknown): void {
    this.#failure ??= error
    const waiting = this.#entries
    this.#entries = []
    this.#heldLength = 0
    for (const entry of waiting) entry.reject(error)
  }

  /** Resolves when nothing is under way. */
  async idle(): Promise<void> {
    await this.#running
  }

  async #drain(): Promise<void> {
    // One turn later, so that writes of the same turn go together.
    await Promise.resolve()
    while (this.#entries.length > 0) await this.#send(this.#takeGroup())
    // In the same turn as the look at what waits: whoever pushes after it begins anew.
    this.#running = undefined
  }

  #takeGroup(): readonly Entry[] {
    let events = 0
    let length = 0
    let count = 0
    for (const entry of this.#entries) {
      events += entry.drafts.length
      length += entry.length
      if (count > 0 && (events > GROUP_EVENTS || length > GROUP_LENGTH)) break
      count += 1
      if (entry.end) break
    }
    const group = this.#entries.splice(0, count)
    for (const entry of group) this.#heldLength -= entry.length
    return group
  }

  async #send(group: readonly Entry[]): Promise<void> {
    const drafts = group.flatMap((entry) => entry.drafts)
    const end = group.some((entry) => entry.end)
    try {
      const { epoch, offset } = await this.#append({ seq: ++this.#seq, drafts, end })
      let after = drafts.length
      for (const entry of group) {
        after -= entry.drafts.length
        entry.resolve({ epoch, offset: offset - after })
      }
    } catch (error) {
      // Refused as a whole, its number is still free. Without an answer it may be taken: nothing may follow under it.
      if (isRefusal(error)) this.#seq -= 1
      else this.fail(error)
      for (const entry of group) entry.reject(error)
    }
  }

  /** Sends until there is an answer: after one that was lost, the same number makes the repeat harmless. */
  async #append(batch: RunBatch): Promise<Position> {
    const { append, mayRetry, timers, random } = this.#options
    for (let retryMs = FIRST_RETRY_MS; ; retryMs = Math.min(MAX_RETRY_MS, retryMs * 2)) {
      try {
        return await append(batch)
      } catch (error) {
        if (isRefusal(error) || !(error instanceof StreamError) || !mayRetry()) throw error
        const waitMs = Math.max(error.retryAfterMs ?? 0, retryMs * (0.5 + random() / 2))
        await new Promise<void>((resolve) => timers.schedule(resolve, waitMs))
        if (!mayRetry()) throw error
      }
    }
  }
}

/** Whether the answer says that nothing was appended. */
function isRefusal(error: unknown): boolean {
  return error instanceof StreamError && !error.retryable
}

function asError(failure: unknown): Error {
  return failure instanceof Error
    ? failure
    : new StreamError('conflict', 'The run is over.', { cause: failure })
}
