import type { Position, RunInput } from '@throughline/protocol'

/** An event before it is stored. */
export interface StoredDraft {
  readonly type: string
  /** JSON object text of the envelope without `id` and `prev`: opaque to a driver. */
  readonly body: string
}

/** An event as stored. */
export interface StoredEvent extends StoredDraft {
  readonly offset: number
  /** Offset of the event stored before this one, only when that is not `offset - 1`. */
  readonly prev?: number
}

/** A run of consecutive stored events. */
export interface LogPage {
  readonly epoch: string
  readonly events: readonly StoredEvent[]
  /** Head of the stream when the page was read; the page reaches it when its last event is the head. */
  readonly head: Position
}

export interface ReadLimit {
  /** Default 1,000. */
  readonly maxEvents?: number
  /** Bytes of bodies after which the page ends; one event always fits. Default 1 MiB. */
  readonly maxBytes?: number
}

/** Proof that a writer owns a run. A stale one is refused in the same step as the append. */
export interface Fence {
  readonly runId: string
  readonly fence: number
  /** The lease is renewed by the append: until `now + ttlMs`. Absent: it is checked and not renewed. */
  readonly renew?: { readonly now: number; readonly ttlMs: number }
  /** Refuse unless the lease has run out at this time: for the reaper, which must not overtake a renewal. */
  readonly expiredBy?: number
}

/** Place of a batch in what one producer sends: 1, then one more for each. */
export interface ProducerPosition {
  readonly producerId: string
  readonly producerSeq: number
  /**
   * Number of the last draft, when each draft is a batch of its own and the first is `producerSeq`: those that were
   * accepted before are left out, the others appended.
   */
  readonly through?: number
}

/** A run that waits for an owner. */
export interface RunRecord {
  readonly sessionId: string
  readonly runId: string
  readonly userId: string
  readonly input: RunInput
  readonly queuedAt: number
}

export type RunPhase = 'queued' | 'leased' | 'ended'

/** A run as the driver knows it. */
export interface RunLease {
  readonly run: RunRecord
  readonly phase: RunPhase
  /** Who claimed it; `null` while queued. */
  readonly owner: string | null
  /** Raised at each claim; 0 while it was never claimed. */
  readonly fence: number
  /** When the lease runs out, ms since 1970; 0 while queued. */
  readonly expiresAt: number
}

/** Who owns a session and how it is listed. */
export interface SessionRecord {
  readonly id: string
  readonly userId: string
  readonly title: string
  /** Set by a person, so that the first line no longer names it. */
  readonly renamed: boolean
  readonly archived: boolean
  readonly createdAt: number
  readonly updatedAt: number
  /** When it was deleted; it can be restored for a while. */
  readonly deletedAt: number | null
}

/** What stays of a session that was deleted for good: its name is taken, and only its owner may know. */
export interface Tombstone {
  /** `null` when nobody can tell any more: a repair, or an older version, kept no owner. */
  readonly userId: string | null
}

/** Everything that changes in one atomic step: all of it or nothing. */
export interface AppendRequest {
  readonly stream: string
  /** May be empty when only records change. */
  readonly drafts: readonly StoredDraft[]
  readonly producer?: ProducerPosition
  readonly fence?: Fence
  /** Queues a run in the same step; a run of the same id that exists already is a `conflict`. */
  readonly enqueue?: RunRecord
  /** Ends this run in the same step; `conflict` when it has ended or never was. */
  readonly endRun?: string
  /** Fields of the session's record that change with it; another `userId` gives it to somebody else. */
  readonly session?: Partial<Omit<SessionRecord, 'id' | 'createdAt'>>
}

export interface Appended {
  /** Those appended now: none when the producer had sent all of it before. */
  readonly events: readonly StoredEvent[]
  /** Head after this append; for a repeat, the head after the producer's last batch, which is this one or later. */
  readonly head: Position
  readonly repeated: boolean
}

/** A folded state at a position, kept so that a join need not read everything. */
export interface StoredSnapshot {
  /** In the stream's present epoch, even when it was saved in a former one: a position inside `state` is older then. */
  readonly position: Position
  readonly reducerVersion: number
  readonly state: string
}

export interface SessionQuery {
  readonly userId: string
  /** Case-insensitive substring of the title. */
  readonly search?: string
  /** Only those updated before this (ms, then id) — the `before` of the last page. */
  readonly before?: string
  readonly archived?: boolean
  readonly limit: number
}

export interface SessionPage {
  readonly sessions: readonly SessionRecord[]
  readonly before?: string
}

export interface LeaseClaim {
  readonly owner: string
  readonly now: number
  readonly ttlMs: number
}

export interface LeaseRef {
  readonly stream: string
  readonly runId: string
  readonly fence: number
}

/**
 * What a storage author writes; nothing is optional. A driver is dumb: it never waits, never notifies, knows no
 * event type. Each method is one atomic step. Streams are session ids. Passing `testLogDriver` is the contract.
 *
 * Errors are `StreamError`s: `not_found` for a stream never created, `stream_closed` after `delete`, `conflict` for
 * a stale fence, a producer gap, a run that ended; `CursorExpired` from `read`; `server_error` (fail-stop: every
 * later write is refused too) when storage fails.
 */
export interface LogDriver {
  readonly name: string
  /** Whether acknowledged appends survive the process and, with `fsync`, the machine. */
  readonly durability: 'memory' | 'os' | 'fsync'
  /** Whether one process owns all of it, so that in-process owners of a former process are surely gone at open. */
  readonly exclusive: boolean

  append(request: AppendRequest): Promise<Appended>
  /** Events after `from`; `'start'` is before the oldest one left. Never waits: an empty page is the head. @throws CursorExpired */
  read(stream: string, from: Position | 'start', limit?: ReadLimit): Promise<LogPage>
  head(stream: string): Promise<Position>
  /** Sequence number of the producer's last accepted batch and the head after it. */
  producer(stream: string, producerId: string): Promise<{ producerSeq: number; head: Position } | undefined>

  /**
   * Kept unless the one there is of a newer reducer, or of the same and further on; `conflict` beyond the head.
   *
   * @param options.apart not kept either when the one there is of the same reducer and fewer events behind: of several
   * that fold the same stream, the first one has done it. Default 0.
   */
  saveSnapshot(stream: string, snapshot: StoredSnapshot, options?: { readonly apart?: number }): Promise<void>
  loadSnapshot(stream: string): Promise<StoredSnapshot | undefined>
  /** Removes exactly these offsets; the others keep theirs. `invalid_request` for the head's event: it stays. */
  compact(stream: string, offsets: readonly number[]): Promise<void>
  /** Removes everything before `offset`, at most the head; readers behind it get `CursorExpired('trimmed')`. */
  trim(stream: string, offset: number): Promise<void>
  /** Removes the stream with all that belongs to it, its session too, and leaves a tombstone; again, nothing happens. */
  delete(stream: string): Promise<void>

  readonly sessions: {
    get(id: string): Promise<SessionRecord | undefined>
    /** Of a session after `delete`; `undefined` for one that is there or never was. */
    tombstone(id: string): Promise<Tombstone | undefined>
    /** Newest first. Deleted ones are left out. */
    list(query: SessionQuery): Promise<SessionPage>
    /** Creates the session and its stream, or returns what is there: the caller compares the owner. `stream_closed` after `delete`. */
    create(record: SessionRecord): Promise<SessionRecord>
    update(id: string, change: AppendRequest['session'] & object): Promise<SessionRecord>
    /** Deleted before this time and still there. */
    deletedBefore(time: number, limit: number): Promise<readonly SessionRecord[]>
  }

  readonly leases: {
    get(stream: string, runId: string): Promise<RunLease | undefined>
    /** Queued and leased runs of a session, oldest first. */
    active(stream: string): Promise<readonly RunLease[]>
    /** The oldest queued run whose session has none leased; `undefined` when there is none. Raises the fence. */
    claim(claim: LeaseClaim): Promise<RunLease | undefined>
    renew(ref: LeaseRef, until: { now: number; ttlMs: number }): Promise<RunLease>
    /** Puts a leased run back at the front of the queue. */
    release(ref: LeaseRef): Promise<void>
    /** Leased runs that have run out by `now`, and with `owner` those of that owner whatever the time. */
    expired(query: { now: number; limit: number; ownerPrefix?: string }): Promise<readonly RunLease[]>
  }

  /** Resolves when storage can take a write; rejects with the reason when it cannot. */
  healthy(): Promise<void>
  /** Finishes what was accepted and refuses what comes; again, nothing happens. */
  dispose(): Promise<void>
}
