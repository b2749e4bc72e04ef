import { CursorExpired, type EventLog, type Hint, type StoredEvent } from '@throughline/log'
import { StreamError, type Envelope, type Position, type ResetReason } from '@throughline/protocol'
import type { Coalesced, Coalescer } from './coalescer.ts'
import { Ephemerals } from './ephemerals.ts'
import { encodeEvent } from './page-cache.ts'
import { Ring } from './ring.ts'
import type { RingBudget } from './ring-budget.ts'
import type { Audience, Rounds } from './rounds.ts'
import type { Slab } from './slab.ts'

/** Whoever follows a feed. Told that there may be something new, never what: it looks where it stands. */
export interface Follower {
  advance(): void
  /** The stream is gone for good. */
  end(code: string): void
  /** Asks again whether it may read; ends with `code` when not. Never rejects. */
  recheck(code: string): Promise<void>
}

export interface FeedOptions {
  readonly stream: string
  readonly log: EventLog
  readonly coalescer: Coalescer
  readonly rounds: Rounds
  readonly ringBytes: number
  /** Of all rings together. */
  readonly ringBudget: RingBudget
  /** Monotonic. */
  readonly now: () => number
  readonly onError: (error: unknown, context: string) => void
  /** How long after this process learned of events the last reader who could take them had them. */
  readonly onFlush: (tookMs: number) => void
}

/** Ends and questions: a person waits for them, so they are never held back. */
const URGENT: ReadonlySet<string> = new Set([
  'message_completed',
  'run_completed',
  'error_occurred',
  'input_requested',
])

/**
 * One stream as this process follows it: its newest frames, encoded once for everybody. It learns of growth by
 * hints, which may be lost, doubled or reordered: only what continues its head exactly is taken from them, anything
 * else is a reason to read the log.
 */
export class Feed implements Coalesced, Audience {
  readonly stream: string
  readonly followers = new Set<Follower>()
  windowEnd = 0
  heldBytes = 0
  readonly #options: FeedOptions
  #ring: Ring
  #epoch = ''
  #incarnation = 0
  #resetReason: ResetReason = 'epoch'
  #ephemerals: Ephemerals | undefined
  #opening: Promise<void> | undefined
  #reading: Promise<void> | undefined
  #again = false
  /** When the oldest event was taken that not all followers were told of; 0 when there is none. */
  #takenAt = 0
  #closed = false

  constructor(options: FeedOptions) {
    this.stream = options.stream
    this.#options = options
    this.#ring = new Ring(0, options.ringBytes, options.ringBudget)
  }

  /** Raised when the stream stops continuing what it was: every follower must reset. 0 until opened. */
  get incarnation(): number {
    return this.#incarnation
  }

  /** Why the last incarnation ended. */
  get resetReason(): ResetReason {
    return this.#resetReason
  }

  get epoch(): string {
    return this.#epoch
  }

  /** Head as known: the newest frame. */
  get head(): number {
    return this.#ring.head
  }

  get position(): Position {
    return { epoch: this.#epoch, offset: this.#ring.head }
  }

  get ephemerals(): Ephemerals | undefined {
    return this.#ephemerals
  }

  /** Frames after `offset`, when they are at hand. */
  find(offset: number): Slab | undefined {
    return this.#ring.find(offset)
  }

  /** Whether a reader at this position can go on without reading the log. */
  covers(position: Position): boolean {
    return (
      position.epoch === this.#epoch &&
      position.offset >= this.#ring.after &&
      position.offset <= this.#ring.head
    )
  }

  /** Resolves when the head is known. @throws StreamError `not_found`, `stream_closed`, or the log's failure */
  open(): Promise<void> {
    if (this.#incarnation > 0) return Promise.resolve()
    this.#opening ??= this.#open().finally(() => {
      this.#opening = undefined
    })
    return this.#opening
  }

  /** Takes note that the stream is known to have reached `head`. Resolves when this feed has looked. */
  async learn(head: Position): Promise<void> {
    if (head.epoch !== this.#epoch || head.offset > this.#ring.head) await this.refresh()
  }

  /** Takes a hint of growth. */
  grew({ head, events }: Extract<Hint, { kind: 'grew' }>): void {
    if (this.#incarnation === 0) {
      this.#again = true
      return
    }
    if (head.epoch === this.#epoch) {
      if (head.offset <= this.#ring.head) return
      if (events !== undefined) this.#take(events)
      if (head.offset <= this.#ring.head) return
    }
    void this.refresh()
  }

  /** Takes a sign that is stored nowhere. */
  signal(envelope: Envelope): void {
    this.#ephemerals ??= new Ephemerals()
    this.#options.coalescer.grew(this, this.#ephemerals.set(envelope, this.#options.now()), false)
  }

  /** Takes the hint that the stream ended, was replaced, or is nobody's to read any longer. */
  async closed(): Promise<void> {
    await this.poll()
    for (const follower of this.followers) void follower.recheck('stream_closed')
  }

  /** Looks whether the log went on without a hint. */
  async poll(): Promise<void> {
    this.#ephemerals?.sweep(this.#options.now())
    if (this.#incarnation === 0) return
    try {
      await this.learn(await this.#options.log.head(this.stream))
    } catch (error) {
      this.#failed(error)
    }
  }

  /** Reads the log from the head on. One read at a time; a call during it makes it look again. */
  refresh(): Promise<void> {
    this.#again = true
    this.#reading ??= this.#catchUp().finally(() => {
      this.#reading = undefined
    })
    return this.#reading
  }

  publish(): void {
    this.#options.rounds.tell(this)
  }

  told(): void {
    if (this.#takenAt === 0) return
    this.#options.onFlush(this.#options.now() - this.#takenAt)
    this.#takenAt = 0
  }

  /** Nobody follows any longer. */
  close(): void {
    this.#closed = true
    this.#ring.close()
    this.followers.clear()
  }

  async #open(): Promise<void> {
    const head = await this.#options.log.head(this.stream)
    this.#restart(head, 'epoch')
    if (this.#again) await this.refresh()
  }

  async #catchUp(): Promise<void> {
    try {
      while (this.#again && !this.#closed) {
        this.#again = false
        const { head } = this.#ring
        const page = await this.#options.log.read(this.stream, this.position)
        this.#take(page.events)
        const hasMore = page.head.offset > this.#ring.head
        if (hasMore && this.#ring.head > head) this.#again = true
      }
    } catch (error) {
      if (error instanceof CursorExpired) this.#restart(error.head, error.reason)
      else this.#failed(error)
    }
  }

  /** Appends what continues the head; stops at the first gap. */
  #take(events: readonly StoredEvent[]): void {
    let bytes = 0
    let urgent = false
    for (const event of events) {
      const { head } = this.#ring
      if (event.offset <= head) continue
      if ((event.prev ?? event.offset - 1) > head) break
      bytes += this.#ring.push(event.offset, encodeEvent(event, this.#epoch))
      urgent ||= URGENT.has(event.type)
      if (event.type === 'run_completed') this.#ephemerals?.endRun(runOf(event))
    }
    if (bytes === 0) return
    if (this.#takenAt === 0) this.#takenAt = this.#options.now()
    this.#options.coalescer.grew(this, bytes, urgent)
  }

  #restart(head: Position, reason: ResetReason): void {
    this.#epoch = head.epoch
    const { ringBytes, ringBudget } = this.#options
    this.#ring.close()
    this.#ring = new Ring(head.offset, ringBytes, ringBudget)
    this.#resetReason = reason
    this.#incarnation++
    this.publish()
  }

  #failed(error: unknown): void {
    if (error instanceof StreamError && (error.code === 'not_found' || error.code === 'stream_closed')) {
      for (const follower of this.followers) follower.end(error.code)
    } else this.#options.onError(error, `following ${this.stream}`)
  }
}

function runOf(event: StoredEvent): string | undefined {
  const { runId } = JSON.parse(event.body) as Partial<Envelope>
  return runId
}
