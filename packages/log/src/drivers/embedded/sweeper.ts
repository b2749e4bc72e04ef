import type { Commits } from './commits.ts'
import { garbageKey, garbageRanges, parseGarbageKey, under, type Garbage } from './keys.ts'
import { pages, type Store } from './store.ts'

/** Removes from the disk, one after another and behind everything else, what readers cannot reach any more. */
export class Sweeper {
  readonly #store: Store
  readonly #commits: Commits
  readonly #onFailure: (error: unknown) => void
  #queue: Garbage[] = []
  #sweeping: Promise<void> | undefined
  #stopped = false

  constructor(store: Store, commits: Commits, onFailure: (error: unknown) => void) {
    this.#store = store
    this.#commits = commits
    this.#onFailure = onFailure
  }

  /** Goes on with what an earlier process left. */
  async resume(): Promise<void> {
    for await (const page of pages(this.#store.entries(under('g')), 100)) {
      for (const [key] of page) this.add(parseGarbageKey(key))
    }
  }

  /** To be called when the key that remembers `garbage` is written. */
  add(garbage: Garbage): void {
    if (this.#stopped) return
    this.#queue.push(garbage)
    this.#sweeping ??= this.#sweep()
  }

  /** Stops after the range being removed; the rest stays remembered. */
  async stop(): Promise<void> {
    this.#stopped = true
    this.#queue = []
    await this.#sweeping
  }

  async #sweep(): Promise<void> {
    try {
      for (let garbage = this.#queue.shift(); garbage !== undefined; garbage = this.#queue.shift()) {
        for (const range of garbageRanges(garbage)) await this.#store.clear(range)
        const batch = this.#commits.batch()
        batch.del(garbageKey(garbage))
        await batch.done(() => undefined)
      }
    } catch (error) {
      // The rest is remembered in the store: the next process goes on.
      this.#queue = []
      this.#onFailure(error)
    } finally {
      this.#sweeping = undefined
    }
  }
}
