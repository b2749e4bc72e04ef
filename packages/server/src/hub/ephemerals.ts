import { controlFrame, type Envelope } from '@throughline/protocol'

/** How long a typing or thinking sign holds. PROTOCOL.md §2. */
const LAPSE_MS = 10_000
/** Agents times types that one stream may show at once; the oldest sign makes room. */
const MAX_SIGNS = 64

/** One sign of life that is stored nowhere. */
export interface Sign {
  readonly version: number
  readonly until: number
  readonly runId: string | undefined
  readonly frame: Uint8Array
}

const encoder = new TextEncoder()

/** The latest sign of each (type, agent) of one stream. A reader remembers the version that it has seen. */
export class Ephemerals {
  readonly #signs = new Map<string, Sign>()
  #version = 0

  /** Raised by each sign. */
  get version(): number {
    return this.#version
  }

  get size(): number {
    return this.#signs.size
  }

  /** Keeps the sign in place of its predecessor; answers its bytes. */
  set(envelope: Envelope, now: number): number {
    const key = `${envelope.type} ${envelope.agentId ?? ''}`
    const frame = encoder.encode(controlFrame(envelope))
    this.#signs.delete(key)
    this.#signs.set(key, { version: ++this.#version, until: now + LAPSE_MS, runId: envelope.runId, frame })
    const [oldest] = this.#signs.keys()
    if (this.#signs.size > MAX_SIGNS && oldest !== undefined) this.#signs.delete(oldest)
    return frame.length
  }

  /** Signs that hold now and that a reader of `version` has not seen, oldest first. */
  *since(version: number, now: number): Iterable<Sign> {
    for (const sign of this.#signs.values()) {
      if (sign.version > version && sign.until > now) yield sign
    }
  }

  /** Forgets the signs of a run that ended. */
  endRun(runId: string | undefined): void {
    for (const [key, sign] of this.#signs) if (sign.runId === runId) this.#signs.delete(key)
  }

  /** Forgets those that no longer hold. */
  sweep(now: number): void {
    for (const [key, sign] of this.#signs) if (sign.until <= now) this.#signs.delete(key)
  }
}
