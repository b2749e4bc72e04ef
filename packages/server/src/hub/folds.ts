import type { Position } from '@throughline/protocol'
import { Fold, SNAPSHOT_EVENTS, type EncodedSnapshot, type Folded, type FoldOptions } from './fold.ts'

export interface FoldsOptions extends Omit<FoldOptions, 'stream'> {
  /** Streams whose state is kept. Default 512. */
  readonly maxStreams?: number
  /** About how much memory they may take, in bytes. Default 32 MiB. */
  readonly maxBytes?: number
}

/** Streams that may wait for a background snapshot; beyond that the next join makes it. */
const MAX_PENDING = 1_024

/** The folded states of the streams asked for last; stores a snapshot of any stream every `SNAPSHOT_EVENTS`. */
export class Folds {
  readonly #options: FoldsOptions
  readonly #maxStreams: number
  readonly #maxBytes: number
  readonly #folds = new Map<string, Fold>()
  readonly #pending = new Set<string>()
  #storing: Promise<void> | undefined

  constructor(options: FoldsOptions) {
    this.#options = options
    this.#maxStreams = options.maxStreams ?? 512
    this.#maxBytes = options.maxBytes ?? 32 * 1_048_576
  }

  get size(): number {
    return this.#folds.size
  }

  /** The state at the head, not older than this call. */
  async latest(stream: string): Promise<Folded> {
    return await this.#use(stream, (fold) => fold.latest())
  }

  /** A snapshot at the head, or an earlier one that `suffices`. */
  async snapshot(stream: string, suffices: (position: Position) => boolean): Promise<EncodedSnapshot> {
    return await this.#use(stream, (fold) => fold.snapshot(suffices))
  }

  forget(stream: string): void {
    this.#folds.delete(stream)
    this.#pending.delete(stream)
  }

  /** Takes note of growth to `head` by `count` events, if known: a snapshot is due whenever a multiple is passed. */
  grew(stream: string, head: number, count: number | undefined): void {
    const before = count === undefined ? (this.#folds.get(stream)?.offset ?? 0) : head - count
    if (Math.floor(before / SNAPSHOT_EVENTS) === Math.floor(head / SNAPSHOT_EVENTS)) return
    if (this.#pending.size >= MAX_PENDING) return
    this.#pending.add(stream)
    this.#storing ??= this.#store().finally(() => {
      this.#storing = undefined
    })
  }

  /** Resolves when no snapshot is being stored. */
  async idle(): Promise<void> {
    await this.#storing
  }

  async #store(): Promise<void> {
    for (const stream of this.#pending) {
      this.#pending.delete(stream)
      try {
        await this.latest(stream)
      } catch (error) {
        this.#options.onError(error, `folding ${stream}`)
      }
    }
  }

  async #use<T>(stream: string, work: (fold: Fold) => Promise<T>): Promise<T> {
    const fold = this.#folds.get(stream) ?? new Fold({ ...this.#options, stream })
    this.#folds.delete(stream)
    this.#folds.set(stream, fold)
    try {
      return await work(fold)
    } catch (error) {
      if (this.#folds.get(stream) === fold) this.#folds.delete(stream)
      throw error
    } finally {
      this.#trim()
    }
  }

  #trim(): void {
    let bytes = 0
    for (const fold of this.#folds.values()) bytes += fold.bytes
    for (const [stream, fold] of this.#folds) {
      if (this.#folds.size <= this.#maxStreams && bytes <= this.#maxBytes) return
      bytes -= fold.bytes
      this.#folds.delete(stream)
    }
  }
}
