import type { Source } from './dialect.ts'

/** One source as the generator sees it: how far it has published, and how far every reader of its stream has that. */
export class Topic implements Source {
  readonly stream: number
  readonly label: number
  /** Number of the next event to publish. */
  published = 0
  /** Every reader has the events before this one. */
  complete = 0
  readonly #readers: number
  readonly #window: number
  readonly #counts: Uint32Array

  /** `window`: events that may be on their way to the slowest reader. */
  constructor({ stream, label }: Source, readers: number, window: number) {
    this.stream = stream
    this.label = label
    this.#readers = readers
    this.#window = window
    this.#counts = new Uint32Array(window)
  }

  /** Whether `count` more may be published. */
  hasRoom(count: number): boolean {
    return this.published + count - this.complete <= this.#window
  }

  /** A reader got an event; answers whether the window moved. */
  delivered(number: number): boolean {
    const at = number % this.#window
    const count = (this.#counts[at] ?? 0) + 1
    this.#counts[at] = count
    if (count < this.#readers) return false
    this.#counts[at] = 0
    this.complete = number + 1
    return true
  }
}
