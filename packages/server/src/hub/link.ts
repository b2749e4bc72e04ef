import { CursorExpired } from '@throughline/log'
import { StreamError, formatCursor, type Position } from '@throughline/protocol'
import { encodeControl } from './control.ts'
import { enter, reset, type Entry, type Expired } from './entry.ts'
import type { Feed, Follower } from './feed.ts'
import type { SessionRequest } from './hub.ts'
import type { HubServices } from './services.ts'

/** The subscriber as its links see it. */
export interface LinkOwner {
  /** Whether the sink takes frames now. */
  readonly writable: boolean
  write(frames: Uint8Array): void
  authorise(sessionId: string): Promise<boolean>
  /** How long a page of the past is to be held back, ms. */
  holdBack(bytes: number): number
  /** The link told its session's end and follows nothing any longer. */
  ended(link: Link): void
  /** The link cannot go on, but another connection might. */
  failed(link: Link): void
}

type Phase =
  /** Where to begin is being found out. */
  | 'opening'
  /** Frames that come before the events are being written: a reset, a snapshot, or the session's end. */
  | 'intro'
  | 'replay'
  | 'live'
  | 'closed'

const NOTHING: readonly Uint8Array[] = []

/** One session of one subscriber: a place in a stream. It writes what follows that place while the sink takes it. */
export class Link implements Follower {
  readonly sessionId: string
  readonly #after: string | undefined
  readonly #owner: LinkOwner
  readonly #services: HubServices
  readonly #feed: Feed
  #phase: Phase = 'opening'
  #incarnation = 0
  #offset = 0
  #seenSigns = 0
  /** A step that waits for something is under way. */
  #busy = false
  #checking = false
  #intro: readonly Uint8Array[] = NOTHING
  #introduced = 0
  #endCode: string | undefined

  constructor({ sessionId, after }: SessionRequest, owner: LinkOwner, services: HubServices) {
    this.sessionId = sessionId
    this.#after = after
    this.#owner = owner
    this.#services = services
    this.#feed = services.feeds.follow(sessionId, this)
  }

  /** The place up to which this reader was given everything, when that is the head. */
  get caughtUpTo(): Position | undefined {
    const current = this.#phase === 'live' && this.#incarnation === this.#feed.incarnation
    return current && this.#offset >= this.#feed.head
      ? { epoch: this.#feed.epoch, offset: this.#offset }
      : undefined
  }

  /** Events of the stream that are still to be written. */
  get lag(): number {
    return this.#phase === 'replay' || this.#phase === 'live'
      ? Math.max(0, this.#feed.head - this.#offset)
      : 0
  }

  advance(): void {
    while (!this.#busy && this.#owner.writable && this.#step());
  }

  /** The session ended for this reader: told in-band, then nothing more. */
  end(code: string): void {
    if (!this.#isOpen()) return
    this.leave()
    this.#endCode = code
    this.#introduce([encodeControl('session_closed', { code }, this.#scope())])
    this.#busy = false
    this.advance()
  }

  /** Follows no longer; writes nothing any longer unless the end is still to be told. */
  leave(): void {
    this.#services.feeds.leave(this.#feed, this)
    this.#phase = 'closed'
  }

  /** Asks again whether the reader may read; ends the session with `code` when not. */
  async recheck(code: string): Promise<void> {
    if (this.#checking || this.#phase === 'closed') return
    this.#checking = true
    try {
      if (!(await this.#owner.authorise(this.sessionId))) this.end(code)
    } catch (error) {
      this.#services.onError(error, `authorising a reader of ${this.sessionId}`)
    } finally {
      this.#checking = false
    }
  }

  /** Does one thing that does not wait; answers whether there may be another. */
  #step(): boolean {
    switch (this.#phase) {
      case 'opening':
        this.#begin(async () => {
          this.#place(await enter(this.#feed, this.#after, this.#services))
        })
        return false
      case 'intro':
        return this.#writeIntro()
      case 'replay':
      case 'live':
        return this.#follow()
      case 'closed':
        return false
    }
  }

  #writeIntro(): boolean {
    const frames = this.#intro[this.#introduced++]
    const isLast = this.#introduced >= this.#intro.length
    if (isLast) {
      this.#intro = NOTHING
      this.#phase = this.#endCode === undefined ? 'replay' : 'closed'
    }
    if (frames !== undefined) this.#owner.write(frames)
    if (isLast && this.#endCode !== undefined) this.#owner.ended(this)
    return true
  }

  #follow(): boolean {
    const feed = this.#feed
    if (this.#incarnation !== feed.incarnation) {
      this.#begin(() => this.#reset({ reason: feed.resetReason, head: feed.position }))
      return false
    }
    const slab = feed.find(this.#offset)
    if (slab !== undefined) {
      const frames = slab.slice(this.#offset)
      this.#offset = slab.last
      this.#owner.write(frames)
      return true
    }
    if (this.#offset < feed.head) {
      this.#begin(() => this.#readPage())
      return false
    }
    if (this.#phase === 'live') {
      this.#writeSigns()
      return false
    }
    this.#phase = 'live'
    this.#owner.write(
      encodeControl(
        'caught_up',
        {
          head: formatCursor({ epoch: feed.epoch, offset: this.#offset }),
          heartbeatMs: this.#services.heartbeatMs,
        },
        this.#scope(),
      ),
    )
    return true
  }

  #writeSigns(): void {
    const signs = this.#feed.ephemerals
    if (signs === undefined || signs.version === this.#seenSigns) return
    for (const { version, frame } of signs.since(this.#seenSigns, this.#services.timers.monotonic())) {
      if (!this.#owner.writable) return
      this.#seenSigns = version
      this.#owner.write(frame)
    }
    this.#seenSigns = signs.version
  }

  /** Runs a step that waits, then goes on. */
  #begin(step: () => Promise<void>): void {
    this.#busy = true
    step()
      .catch((error: unknown) => {
        if (error instanceof CursorExpired) return this.#reset(error)
        throw error
      })
      .then(
        () => {
          this.#busy = false
        },
        (error: unknown) => {
          this.#busy = false
          this.#fail(error)
        },
      )
      .then(() => {
        this.advance()
      })
      .catch((error: unknown) => {
        this.#services.onError(error, `serving a reader of ${this.sessionId}`)
      })
  }

  async #readPage(): Promise<void> {
    if (!(await this.#owner.authorise(this.sessionId))) {
      this.end('not_found')
      return
    }
    const from = { epoch: this.#feed.epoch, offset: this.#offset }
    const page = await this.#services.pages.get(this.sessionId, from)
    await this.#wait(this.#owner.holdBack(page.frames.length))
    if (page.last === from.offset) await this.#feed.refresh()
    else void this.#feed.learn(page.head)
    if (!this.#isOpen() || this.#incarnation !== this.#feed.incarnation) return
    if (page.last === from.offset) throw new StreamError('server_error', 'The log lost what it had told.')
    // Blocked by another session meanwhile: the page is read again after the drain, most likely from the cache.
    if (!this.#owner.writable) return
    this.#offset = page.last
    this.#owner.write(page.frames)
  }

  async #wait(delayMs: number): Promise<void> {
    if (delayMs === 0) return
    await new Promise<void>((resolve) => {
      this.#services.timers.schedule(resolve, delayMs)
    })
  }

  #fail(error: unknown): void {
    if (!this.#isOpen()) return
    if (error instanceof StreamError && (error.code === 'not_found' || error.code === 'stream_closed')) {
      this.end(error.code)
      return
    }
    this.#services.onError(error, `serving a reader of ${this.sessionId}`)
    this.#owner.failed(this)
  }

  async #reset(expired: Expired): Promise<void> {
    if (this.#isOpen()) this.#place(await reset(this.#feed, expired, this.#services))
  }

  #place({ position, intro, incarnation }: Entry): void {
    if (!this.#isOpen()) return
    this.#incarnation = incarnation
    this.#offset = position.offset
    if (intro.length > 0) this.#introduce(intro)
    else this.#phase = 'replay'
  }

  #introduce(frames: readonly Uint8Array[]): void {
    this.#intro = frames
    this.#introduced = 0
    this.#phase = 'intro'
  }

  #isOpen(): boolean {
    return this.#phase !== 'closed' && this.#endCode === undefined
  }

  #scope(): { sessionId: string; timestamp: number } {
    return { sessionId: this.sessionId, timestamp: this.#services.now() }
  }
}
