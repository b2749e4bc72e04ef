import type { RunLease } from '../../log-driver.ts'
import { OrderHeap } from './order-heap.ts'
import { overloaded } from './refusals.ts'

/** Runs that wait or work at one time, over all sessions; beyond, an enqueue is refused. */
const MAX_ACTIVE_RUNS = 100_000

/** Outdated entries that the queue may hold before it is built anew. */
const STALE_ALLOWED = 1_024

/** A run that waits or works. */
export interface RunEntry {
  /** Its newest state, written or not: what is judged against. */
  lease: RunLease
  /** Its newest state in storage: what is shown. `undefined` until the first write is done. */
  written: RunLease | undefined
  /** Place in the queue; lower comes first. */
  order: number
}

interface Ready {
  readonly order: number
  readonly stream: string
  readonly runId: string
}

/** Every run that waits or works, and which is to be claimed next. */
export class RunTable {
  readonly #sessions = new Map<string, Map<string, RunEntry>>()
  /** May hold runs that are no longer claimable: they are passed over when they come up. */
  readonly #ready = new OrderHeap<Ready>()
  #count = 0
  #front = 0
  #back = 0

  /** Places in the queue, outdated ones included. */
  get queueLength(): number {
    return this.#ready.size
  }

  get(stream: string, runId: string): RunEntry | undefined {
    return this.#sessions.get(stream)?.get(runId)
  }

  of(stream: string): readonly RunEntry[] {
    return [...(this.#sessions.get(stream)?.values() ?? [])].sort((a, b) => a.order - b.order)
  }

  *all(): Iterable<RunEntry> {
    for (const runs of this.#sessions.values()) yield* runs.values()
  }

  /** @throws `rate_limited` when too many wait */
  checkRoom(): void {
    if (this.#count >= MAX_ACTIVE_RUNS) throw overloaded()
  }

  /** Adds a run at the back of the queue, or at the place it had before a restart. */
  add(lease: RunLease, order: number = this.#back + 1): RunEntry {
    const entry = { lease, written: undefined, order }
    const { sessionId, runId } = lease.run
    const runs = this.#sessions.get(sessionId) ?? new Map<string, RunEntry>()
    this.#sessions.set(sessionId, runs.set(runId, entry))
    this.#count += 1
    this.#front = Math.min(this.#front, order)
    this.#back = Math.max(this.#back, order)
    this.#announce(sessionId)
    return entry
  }

  /** Changes the state of a run that is here; a released one goes to the front. */
  change(entry: RunEntry, lease: RunLease): void {
    const before = entry.lease.phase
    entry.lease = lease
    if (before === lease.phase) return
    if (lease.phase === 'queued') {
      this.#front -= 1
      entry.order = this.#front
    }
    this.#announce(lease.run.sessionId)
  }

  /** Tells that `lease` is in storage; an ended run is forgotten then. */
  settle(lease: RunLease): void {
    const { sessionId: stream, runId } = lease.run
    const runs = this.#sessions.get(stream)
    const entry = runs?.get(runId)
    if (runs === undefined || entry === undefined) return
    entry.written = lease
    if (lease.phase === 'ended') this.#remove(stream, runs, runId)
  }

  forget(stream: string): void {
    this.#count -= this.#sessions.get(stream)?.size ?? 0
    this.#sessions.delete(stream)
  }

  /** The queued run that waits longest, of those whose session has none leased. */
  next(): RunEntry | undefined {
    for (let ready = this.#ready.pop(); ready !== undefined; ready = this.#ready.pop()) {
      const entry = this.get(ready.stream, ready.runId)
      if (entry?.order === ready.order && entry === this.#claimable(ready.stream)) return entry
    }
    return undefined
  }

  #remove(stream: string, runs: Map<string, RunEntry>, runId: string): void {
    runs.delete(runId)
    this.#count -= 1
    if (runs.size === 0) this.#sessions.delete(stream)
  }

  #announce(stream: string): void {
    const entry = this.#claimable(stream)
    if (entry === undefined) return
    this.#ready.push({ order: entry.order, stream, runId: entry.lease.run.runId })
    if (this.#ready.size > 2 * this.#count + STALE_ALLOWED) this.#rebuild()
  }

  /** Without it, runs cancelled before anybody claims them would pile up. */
  #rebuild(): void {
    this.#ready.clear()
    for (const stream of this.#sessions.keys()) {
      const entry = this.#claimable(stream)
      if (entry !== undefined) {
        this.#ready.push({ order: entry.order, stream, runId: entry.lease.run.runId })
      }
    }
  }

  #claimable(stream: string): RunEntry | undefined {
    let first: RunEntry | undefined
    for (const entry of this.#sessions.get(stream)?.values() ?? []) {
      if (entry.lease.phase === 'leased') return undefined
      if (entry.lease.phase === 'queued' && (first === undefined || entry.order < first.order)) first = entry
    }
    return first
  }
}

/** Whether a lease has run out by `now`, or is of such an owner. */
export function isOver(lease: RunLease, now: number, ownerPrefix: string | undefined): boolean {
  if (lease.phase !== 'leased') return false
  if (lease.expiresAt <= now) return true
  return ownerPrefix !== undefined && lease.owner?.startsWith(ownerPrefix) === true
}
