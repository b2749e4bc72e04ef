import type { Position } from '@throughline/protocol'

/** Where a sender's appends got to. */
export interface Reached {
  readonly head: Position
  readonly producerSeq: number
}

/** Appends under way at once; the sender is read no further meanwhile. */
const MAX_UNDER_WAY = 16

/**
 * The appends of one sender that are under way. One that is done leaves nothing here: what a slow sender keeps, every
 * collection of the young generation would copy.
 */
export class AppendsUnderWay {
  #count = 0
  #reached: Reached | undefined
  #refused: { readonly producerSeq: number; readonly error: unknown } | undefined
  #wake: (() => void) | undefined
  readonly #onRefused: () => void

  /** @param onRefused called each time that one is refused: no other should follow */
  constructor(onRefused: () => void) {
    this.#onRefused = onRefused
  }

  get isFull(): boolean {
    return this.#count >= MAX_UNDER_WAY
  }

  /** One was refused: no other should follow. */
  get isRefused(): boolean {
    return this.#refused !== undefined
  }

  add(producerSeq: number, position: Promise<Position>): void {
    this.#count += 1
    position.then(
      (head) => {
        this.#reached = { head, producerSeq }
        this.#leave()
      },
      (error: unknown) => {
        // What is refused at once overtakes what fails when it is written: the first in the sender's order counts.
        if (this.#refused === undefined || producerSeq < this.#refused.producerSeq)
          this.#refused = { producerSeq, error }
        this.#leave()
        this.#onRefused()
      },
    )
  }

  /** Resolves when there is room for another. Never rejects. */
  async room(): Promise<void> {
    while (this.isFull) await this.#left()
  }

  /** Resolves when none is under way. Never rejects. */
  async settled(): Promise<void> {
    while (this.#count > 0) await this.#left()
  }

  /** The last one's place; `undefined` when there was none. @throws what the first that was refused was refused for */
  async finish(): Promise<Reached | undefined> {
    await this.settled()
    if (this.#refused !== undefined) throw this.#refused.error
    return this.#reached
  }

  #left(): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = resolve
    })
  }

  #leave(): void {
    this.#count -= 1
    this.#wake?.()
    this.#wake = undefined
  }
}
