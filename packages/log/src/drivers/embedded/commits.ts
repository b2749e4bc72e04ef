import { StreamError } from '@throughline/protocol'
import { logClosed, storageFailed } from './failures.ts'
import { commitKey } from './keys.ts'
import { seal } from './seal.ts'
import type { Store, StoreChange } from './store.ts'

/** What waits for one write: the changes, and whom to tell. */
export interface Batch {
  put(key: string, value: string): void
  del(key: string): void
  /**
   * Everything put since the last call belongs to one step. When it is written, `apply` makes it visible and the
   * promise resolves with what `apply` returns.
   */
  done<T>(apply: () => T): Promise<T>
  /** Called when everything put so far is written, and not at all if that fails. */
  whenWritten(apply: () => void): void
}

export interface CommitsOptions {
  readonly store: Store
  readonly sync: boolean
  /** Number of the last commit in the store. */
  readonly last: number
  /** Called after each write. */
  readonly onCommit: () => void
  /** Milliseconds from any beginning. Default: the process's. */
  readonly now?: () => number
  /** Default: the system's. */
  readonly setTimer?: (fn: () => void, delayMs: number) => void
}

/** Changes of one write, in characters of keys and values: more go into the next one. */
const MAX_BATCH_LENGTH = 4 * 1024 * 1024

/** Characters that may wait for a write; whoever has more waits for room. */
const MAX_WAITING_LENGTH = 32 * 1024 * 1024

/**
 * Where writes follow one another, one begins each millisecond: each wakes a thread and is told back by it, which costs
 * more than an event does.
 */
const WRITE_EVERY_MS = 1

/** Writes that may be ahead of that: nobody waits for a log that is not busy. */
const MAX_AHEAD = 16

interface PendingBatch extends Batch {
  readonly changes: StoreChange[]
  /** One for all of its steps, which are applied in the order they were put. */
  readonly written: PromiseWithResolvers<undefined>
  length: number
}

/**
 * Group commit: one write at a time, and what is added meanwhile goes into the next. Nothing is visible or
 * acknowledged before its write is done. A failed write is the end: whatever waits is refused, and all that comes.
 */
export class Commits {
  readonly #options: CommitsOptions
  readonly #batches: PendingBatch[] = []
  #last: number
  #waitingLength = 0
  #writing = false
  /** When the next write would begin if none had been ahead. */
  #due = 0
  #failure: StreamError | undefined
  #roomWaiters: (() => void)[] = []
  #idleWaiters: (() => void)[] = []

  constructor(options: CommitsOptions) {
    this.#options = options
    this.#last = options.last
  }

  /** Number of the last commit that is written. */
  get last(): number {
    return this.#last
  }

  get idle(): boolean {
    return !this.#writing && this.#batches.length === 0
  }

  /** @throws the reason when nothing can be written any more */
  check(): void {
    if (this.#failure !== undefined) throw this.#failure
  }

  /** Where to put a step. It must be filled and done in the same turn. */
  batch(): Batch {
    this.check()
    const open = this.#batches.at(-1)
    if (open !== undefined && open.length < MAX_BATCH_LENGTH) return open
    const batch = this.#createBatch()
    this.#batches.push(batch)
    if (!this.#writing && this.#batches.length === 1) this.#begin()
    return batch
  }

  /** So much waits for a write that whoever has more has to wait for room. */
  get full(): boolean {
    return this.#waitingLength >= MAX_WAITING_LENGTH
  }

  /** `undefined` when there is room for more, else when to ask again. */
  room(): Promise<void> | undefined {
    if (!this.full) return undefined
    return new Promise((resolve) => this.#roomWaiters.push(resolve))
  }

  /** Resolves when everything that was added so far is written. */
  settled(): Promise<void> {
    return this.idle ? Promise.resolve() : this.batch().done(() => undefined)
  }

  /** Refuses everything from now on, with this reason; the first reason stays. */
  fail(failure: StreamError): void {
    this.#failure ??= failure
    for (const { written } of this.#batches.splice(0)) written.reject(this.#failure)
    this.#waitingLength = 0
    this.#wakeAll()
  }

  /** Writes what waits and refuses what comes. */
  async close(): Promise<void> {
    if (!this.idle) await new Promise<void>((resolve) => this.#idleWaiters.push(resolve))
    this.fail(logClosed())
  }

  #createBatch(): PendingBatch {
    const changes: StoreChange[] = []
    const written = Promise.withResolvers<undefined>()
    // A step that was refused after it asked for a batch leaves nobody to hear of a failure.
    written.promise.catch(() => undefined)
    const grow = (length: number): void => {
      batch.length += length
      this.#waitingLength += length
    }
    const batch: PendingBatch = {
      changes,
      written,
      length: 0,
      put(key, value) {
        changes.push({ type: 'put', key, value })
        grow(key.length + value.length)
      },
      del(key) {
        changes.push({ type: 'del', key })
        grow(key.length)
      },
      done: (apply) => written.promise.then(apply),
      whenWritten(apply) {
        void written.promise.then(apply, () => undefined)
      },
    }
    return batch
  }

  #begin(): void {
    this.#writing = true
    const { now = () => performance.now(), setTimer = setTimeout } = this.#options
    const at = now()
    this.#due = Math.max(this.#due, at) + WRITE_EVERY_MS
    const waitMs = this.#due - at - MAX_AHEAD * WRITE_EVERY_MS
    const begin = (): void => void this.#writeNext()
    // A whole turn of the event loop shares a write: those who come with it would only wait for the next.
    if (waitMs <= 0) setImmediate(begin)
    else setTimer(begin, waitMs)
  }

  async #writeNext(): Promise<void> {
    const batch = this.#batches.shift()
    if (batch !== undefined) await this.#write(batch)
    this.#writing = false
    if (this.#batches.length > 0) this.#begin()
    else this.#wakeAll()
  }

  async #write({ changes, written, length }: PendingBatch): Promise<void> {
    const { store, sync } = this.#options
    const commit = this.#last + 1
    try {
      if (changes.length > 0) {
        const key = commitKey(commit)
        changes.push({ type: 'put', key, value: seal(key, String(commit)) })
        await store.write(changes, { sync })
        this.#last = commit
        this.#options.onCommit()
      }
    } catch (error) {
      const failure = error instanceof StreamError ? error : storageFailed(error)
      this.fail(failure)
      written.reject(failure)
      return
    }
    this.#waitingLength = Math.max(0, this.#waitingLength - length)
    written.resolve(undefined)
    this.#wake(this.#roomWaiters)
  }

  #wakeAll(): void {
    this.#wake(this.#roomWaiters)
    this.#wake(this.#idleWaiters)
  }

  #wake(waiters: (() => void)[]): void {
    for (const wake of waiters.splice(0)) wake()
  }
}
