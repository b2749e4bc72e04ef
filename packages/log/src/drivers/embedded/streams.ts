import { noSession, overloaded, sessionEnded } from '../rules/refusals.ts'
import { logClosed } from './failures.ts'
import type { StreamCell } from './stream-cell.ts'

export interface StreamsOptions {
  readonly load: (name: string) => Promise<StreamCell | undefined>
  /** Streams kept in memory when nothing is under way in them. */
  readonly maxCached: number
  /** Told of every step that failed. */
  readonly onFailure: (error: unknown) => void
}

/** Where a stream is, or would be, in memory. */
export interface StreamPlace {
  cell: StreamCell | undefined
}

/** Takes a step in one turn; a promise that it returns is of the write. */
type Take<P, T> = (place: P) => T | Promise<T>

/** What must be loaded before a step can be taken; `undefined` when nothing. Asked again afterwards. */
type Prepare<P> = (place: P) => Promise<unknown> | undefined

interface QueuedStep<T> {
  readonly take: Take<StreamPlace, T>
  readonly prepare: Prepare<StreamPlace>
  /** What is being loaded for it. */
  readonly missing: Promise<unknown>
}

interface Slot extends StreamPlace {
  loaded: boolean
  /** Steps that wait or whose write is under way: a slot with any is not forgotten. */
  pins: number
  /** Used since it was last considered for forgetting. */
  recent: boolean
  readonly queue: (() => Promise<void>)[]
  running: boolean
  /** The end of the last removal. */
  removals: Promise<unknown>
}

/** Steps that may wait for something to be loaded, over all streams. */
const MAX_WAITING_STEPS = 50_000

const LATER = Promise.resolve()

/** Slots considered for forgetting when one is added. */
const CONSIDERED = 16

/**
 * The streams in memory: loaded once when they are needed, forgotten when there are too many. Steps of one stream are
 * taken in the order they came, each in one turn of the event loop.
 */
export class Streams {
  readonly #options: StreamsOptions
  readonly #slots = new Map<string, Slot>()
  #waiting = 0
  #closed = false

  constructor(options: StreamsOptions) {
    this.#options = options
  }

  /** The streams in memory. */
  *cells(): Iterable<StreamCell> {
    for (const { cell } of this.#slots.values()) if (cell !== undefined) yield cell
  }

  /** Refuses every step that comes. */
  close(): void {
    this.#closed = true
  }

  /**
   * The stream, when a step can be taken in it now. Whoever writes counts in `cell.writing`, so that it stays in memory
   * until the write is done.
   */
  ready(name: string): StreamCell | undefined {
    const slot = this.#slots.get(name)
    if (slot?.cell === undefined || slot.running || slot.cell.tombstone !== undefined || this.#closed)
      return undefined
    slot.recent = true
    return slot.cell
  }

  /** Takes a step in a stream that may not exist. */
  use<T>(name: string, take: Take<StreamPlace, T>, prepare: Prepare<StreamPlace> = nothing): Promise<T> {
    if (this.#closed) return Promise.reject(logClosed())
    const slot = this.#slot(name)
    slot.pins += 1
    // Not asked twice: what it began to load would be loaded twice.
    const missing = slot.loaded && !slot.running ? prepare(slot) : LATER
    const taken =
      missing === undefined
        ? attempt(() => take(slot))
        : this.#enqueue(name, slot, { take, prepare, missing })
    const unpin = (): void => {
      slot.pins -= 1
      if (slot.cell === undefined && slot.pins === 0) this.#slots.delete(name)
    }
    taken.then(unpin, (error: unknown) => {
      unpin()
      this.#options.onFailure(error)
    })
    return taken
  }

  /** Takes a step in a stream that exists. @throws `not_found`, `stream_closed` */
  with<T>(name: string, take: Take<StreamCell, T>, prepare: Prepare<StreamCell> = nothing): Promise<T> {
    return this.use(
      name,
      ({ cell }) => take(existing(cell)),
      ({ cell }) => (cell === undefined || cell.tombstone !== undefined ? undefined : prepare(cell)),
    )
  }

  /** Takes a removal, which may last: appends and reads go on, other removals of the stream wait for it. */
  remove<T>(name: string, take: (cell: StreamCell) => Promise<T>): Promise<T> {
    const slot = this.#slot(name)
    const removal = slot.removals.then(() => this.with(name, (cell) => cell)).then(take)
    slot.removals = removal.catch(() => undefined)
    return this.use(name, () => removal)
  }

  #enqueue<T>(name: string, slot: Slot, { take, prepare, missing }: QueuedStep<T>): Promise<T> {
    if (this.#waiting >= MAX_WAITING_STEPS) return Promise.reject(overloaded())
    this.#waiting += 1
    return new Promise((resolve, reject) => {
      slot.queue.push(async () => {
        try {
          await missing
          await this.#load(name, slot)
          for (let more = prepare(slot); more !== undefined; more = prepare(slot)) await more
          // Not awaited: the next step joins the same write.
          resolve(take(slot))
        } catch (error) {
          reject(error instanceof Error ? error : new Error(String(error)))
        }
      })
      if (!slot.running) void this.#run(slot)
    })
  }

  async #run(slot: Slot): Promise<void> {
    slot.running = true
    for (let step = slot.queue.shift(); step !== undefined; step = slot.queue.shift()) {
      await step()
      this.#waiting -= 1
    }
    slot.running = false
  }

  async #load(name: string, slot: Slot): Promise<void> {
    if (slot.loaded) return
    slot.cell = await this.#options.load(name)
    slot.loaded = true
  }

  #slot(name: string): Slot {
    const found = this.#slots.get(name)
    if (found !== undefined) {
      found.recent = true
      return found
    }
    this.#forgetSome()
    const slot: Slot = {
      cell: undefined,
      loaded: false,
      pins: 0,
      recent: true,
      queue: [],
      running: false,
      removals: Promise.resolve(),
    }
    this.#slots.set(name, slot)
    return slot
  }

  /** Second chance: what was used since the last look goes to the end of the line. */
  #forgetSome(): void {
    if (this.#slots.size < this.#options.maxCached) return
    let considered = 0
    for (const [name, slot] of this.#slots) {
      if (considered >= CONSIDERED) return
      considered += 1
      this.#slots.delete(name)
      if (slot.pins === 0 && (slot.cell?.writing ?? 0) === 0 && !slot.recent) continue
      slot.recent = false
      this.#slots.set(name, slot)
    }
  }
}

function existing(cell: StreamCell | undefined): StreamCell {
  if (cell === undefined) throw noSession()
  if (cell.tombstone !== undefined) throw sessionEnded()
  return cell
}

function nothing(): undefined {
  return undefined
}

/** What is thrown at once is a rejection like any other. */
export function attempt<T>(take: () => T | Promise<T>): Promise<T> {
  try {
    const taken = take()
    return taken instanceof Promise ? taken : Promise.resolve(taken)
  } catch (error) {
    return Promise.reject(error instanceof Error ? error : new Error(String(error)))
  }
}
