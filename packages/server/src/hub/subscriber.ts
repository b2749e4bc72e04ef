import {
  commentFrame,
  formatCursor,
  retryFrame,
  type ControlData,
  type ControlType,
} from '@throughline/protocol'
import { encodeControl } from './control.ts'
import type { SubscribeOptions, Subscriber } from './hub.ts'
import { Link, type LinkOwner } from './link.ts'
import type { HubServices } from './services.ts'
import type { CloseReason, Sink } from './sink.ts'

/** Warning before a token ends: this, or a third of what it still lives. PROTOCOL.md §6. */
const MAX_WARNING_MS = 60_000

const encoder = new TextEncoder()

/** One reader. Nothing is queued for it: it holds a place in each of its sessions and whether its sink is blocked. */
export class HubSubscriber implements Subscriber, LinkOwner {
  readonly userId: string
  readonly sid: string | undefined
  readonly closed: Promise<CloseReason>
  readonly #services: HubServices
  readonly #onEnd: (subscriber: HubSubscriber) => void
  readonly #sink: Sink
  readonly #authorise: (sessionId: string) => Promise<boolean>
  readonly #holdBack: (bytes: number) => number
  readonly #sessionId: string
  readonly #links: Link[]
  readonly #expiresAt: number
  readonly #endsAt: number
  #settle: (reason: CloseReason) => void = () => undefined
  #warnAt: number
  #heartbeatAt: number
  /** Monotonic; 0 while it is not blocked. */
  #blockedSince = 0
  #isOpen = true

  constructor(options: SubscribeOptions, services: HubServices, onEnd: (subscriber: HubSubscriber) => void) {
    const { sessions, refused = [], sink, expiresAt = Infinity } = options
    const now = services.timers.monotonic()
    this.userId = options.userId
    this.sid = options.sid
    this.#services = services
    this.#onEnd = onEnd
    this.#sink = sink
    this.#authorise = options.authorise
    this.#holdBack = options.holdBack ?? never
    this.#sessionId = sessions[0]?.sessionId ?? refused[0]?.sessionId ?? ''
    this.#expiresAt = expiresAt
    const lifeMs = expiresAt - services.now()
    this.#warnAt = expiresAt - Math.min(MAX_WARNING_MS, lifeMs / 3)
    this.#endsAt = now + services.lifetimeMs * (0.9 + services.random() * 0.2)
    // Many may have come at once, after a restart: their first heartbeats are spread, and so all others.
    this.#heartbeatAt = now + services.heartbeatMs * (0.5 + services.random() / 2)
    this.closed = new Promise((resolve) => {
      this.#settle = resolve
    })
    this.#links = sessions.map((session) => new Link(session, this, services))
  }

  get writable(): boolean {
    return this.#isOpen && this.#blockedSince === 0
  }

  /** Events that are still to be written, over all its sessions. */
  get lag(): number {
    let lag = 0
    for (const link of this.#links) lag += link.lag
    return lag
  }

  get blocked(): boolean {
    return this.#blockedSince !== 0
  }

  /** Writes the first bytes and begins to read. */
  start(refused: SubscribeOptions['refused'] = []): void {
    this.#sink.onClose(() => {
      this.#finish('left')
    })
    this.#sink.onDrain(() => {
      this.#blockedSince = 0
      this.#pump()
    })
    const retryMs = Math.round(2_000 + this.#services.random() * 3_000)
    this.write(encoder.encode(commentFrame('throughline') + retryFrame(retryMs)))
    for (const { sessionId, code } of refused) this.#tell('session_closed', { code }, sessionId)
    if (this.#links.length === 0) this.close('ended')
    this.#pump()
  }

  write(frames: Uint8Array): void {
    if (!this.#isOpen) return
    try {
      // Never 0, which means that it is not blocked.
      if (this.#sink.write(frames) === 'blocked') this.#blockedSince = this.#services.timers.monotonic() || 1
    } catch (error) {
      this.#services.onError(error, 'writing to a reader')
      this.close('failed')
    }
  }

  authorise(sessionId: string): Promise<boolean> {
    return this.#authorise(sessionId)
  }

  holdBack(bytes: number): number {
    return this.#holdBack(bytes)
  }

  ended(link: Link): void {
    this.#links.splice(this.#links.indexOf(link), 1)
    if (this.#links.length === 0) this.close('ended')
  }

  failed(link: Link): void {
    if (this.#links.length > 1) link.end('server_error')
    else this.close('failed')
  }

  /** Does what is due: ends, warnings, heartbeats. */
  tick(now: number, wallNow: number): void {
    if (this.#blockedSince !== 0 && now - this.#blockedSince > this.#services.blockedMs) this.close('lagging')
    else if (wallNow >= this.#expiresAt) this.close('expired')
    else if (now >= this.#endsAt) this.sendAway('lifetime', this.#services.random() * 1_000)
    else {
      if (wallNow >= this.#warnAt) this.#warn()
      if (now >= this.#heartbeatAt) this.#heartbeat(now)
    }
  }

  /** Gives what is at hand, asks for the reader's return after a while, closes. */
  sendAway(reason: CloseReason, afterMs: number): void {
    this.#pump()
    if (this.writable) this.#tell('reconnect', { afterMs: Math.round(afterMs) })
    this.close(reason)
  }

  close(reason: CloseReason): void {
    if (!this.#isOpen) return
    this.#finish(reason)
    this.#sink.close(reason)
  }

  #finish(reason: CloseReason): void {
    if (!this.#isOpen) return
    this.#isOpen = false
    for (const link of this.#links) link.leave()
    this.#services.closes[reason]++
    this.#onEnd(this)
    this.#settle(reason)
  }

  #pump(): void {
    // A link that ends leaves the list.
    for (const link of [...this.#links]) link.advance()
  }

  #warn(): void {
    if (!this.writable) return
    this.#warnAt = Infinity
    this.#tell('auth_expiring', { expiresAt: this.#expiresAt })
  }

  /** Everything up to the heads goes first, so that a reader behind them knows that it lost something. */
  #heartbeat(now: number): void {
    this.#heartbeatAt = now + this.#services.heartbeatMs
    this.#pump()
    const heads: Record<string, string> = {}
    let isCaughtUp = false
    for (const link of this.#links) {
      void link.recheck('not_found')
      const position = link.caughtUpTo
      if (position === undefined) continue
      heads[link.sessionId] = formatCursor(position)
      isCaughtUp = true
    }
    if (isCaughtUp && this.writable) this.#tell('heartbeat', { heads })
  }

  #tell<T extends ControlType>(type: T, data: ControlData[T], sessionId = this.#sessionId): void {
    this.write(encodeControl(type, data, { sessionId, timestamp: this.#services.now() }))
  }
}

function never(): number {
  return 0
}
