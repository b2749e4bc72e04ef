import type { Hint } from '@throughline/log'
import { StreamError } from '@throughline/protocol'
import { Coalescer } from './coalescer.ts'
import { Feeds } from './feeds.ts'
import { Folds } from './folds.ts'
import type { Hub, HubOptions, SubscribeOptions } from './hub.ts'
import { PageCache } from './page-cache.ts'
import { RingBudget } from './ring-budget.ts'
import { Rounds } from './rounds.ts'
import type { HubServices } from './services.ts'
import { HubSubscriber } from './subscriber.ts'
import { systemTimers } from './timers.ts'
import { Walk } from './walk.ts'

/** Sessions that one stream may carry. PROTOCOL.md §4. */
const MAX_SESSIONS = 32
const MAX_TICK_MS = 250
/** Ticks between two looks for pages that nobody wants any longer. */
const SWEEP_TICKS = 20

/** Fans the log's streams out to readers. One tick serves all of them; without readers nothing runs. */
export function createHub(options: HubOptions): Hub {
  const services = createServices(options)
  const { feeds, folds, pages, timers, now, random, onError, heartbeatMs } = services
  const subscribers = new Set<HubSubscriber>()
  const users = new Map<string, number>()
  const walk = new Walk(timers)
  const tickMs = Math.min(MAX_TICK_MS, heartbeatMs / 4)
  let cancelTick: (() => void) | undefined
  let ticks = 0
  let draining: Promise<void> | undefined

  const stopListening = options.log.onHint((hint) => {
    try {
      take(hint)
    } catch (error) {
      onError(error, `taking a ${hint.kind} hint`)
    }
  })

  function take(hint: Hint): void {
    switch (hint.kind) {
      case 'grew':
        feeds.get(hint.stream)?.grew(hint)
        folds.grew(hint.stream, hint.head.offset, hint.events?.length)
        return
      case 'closed':
        pages.clear(hint.stream)
        folds.forget(hint.stream)
        void feeds.get(hint.stream)?.closed()
        return
      case 'ephemeral':
        feeds.get(hint.stream)?.signal(hint.envelope)
        return
      case 'revoked':
        for (const subscriber of subscribers) {
          if (isMeant(hint, subscriber)) subscriber.close('revoked')
        }
        return
      case 'queued':
    }
  }

  function tick(): void {
    cancelTick = timers.schedule(tick, tickMs)
    if (++ticks % SWEEP_TICKS === 0) pages.sweep()
    walk.begin(due)
  }

  function* due(): Generator<undefined> {
    const time = timers.monotonic()
    const wallTime = now()
    for (const subscriber of subscribers) {
      subscriber.tick(time, wallTime)
      yield
    }
    yield* feeds.poll()
  }

  function enter(subscriber: HubSubscriber): void {
    subscribers.add(subscriber)
    users.set(subscriber.userId, (users.get(subscriber.userId) ?? 0) + 1)
    cancelTick ??= timers.schedule(tick, tickMs)
  }

  function leave(subscriber: HubSubscriber): void {
    subscribers.delete(subscriber)
    const rest = (users.get(subscriber.userId) ?? 1) - 1
    if (rest > 0) users.set(subscriber.userId, rest)
    else users.delete(subscriber.userId)
    if (subscribers.size > 0) return
    cancelTick?.()
    cancelTick = undefined
    walk.stop()
    pages.clear()
  }

  return {
    subscribe(request: SubscribeOptions) {
      if (request.sessions.length > MAX_SESSIONS) {
        throw new StreamError('invalid_request', `A stream carries at most ${String(MAX_SESSIONS)} sessions.`)
      }
      const subscriber = new HubSubscriber(request, services, leave)
      enter(subscriber)
      if (draining === undefined) subscriber.start(request.refused)
      else subscriber.sendAway('draining', random() * 1_000)
      return subscriber
    },
    async state(sessionId) {
      return (await folds.latest(sessionId)).state
    },
    count: (userId) => (userId === undefined ? subscribers.size : (users.get(userId) ?? 0)),
    stats() {
      let blocked = 0
      let [total, most] = [0, 0]
      for (const subscriber of subscribers) {
        if (subscriber.blocked) blocked++
        total += subscriber.lag
        most = Math.max(most, subscriber.lag)
      }
      const { closes, resumes } = services
      return {
        subscribers: subscribers.size,
        streams: feeds.size,
        blocked,
        lag: { total, most },
        closes: { ...closes },
        resumes: { ...resumes },
      }
    },
    drain(spreadMs) {
      draining ??= (async () => {
        stopListening()
        for (const subscriber of subscribers) subscriber.sendAway('draining', random() * spreadMs)
        await folds.idle()
      })()
      return draining
    },
  }
}

function isMeant(hint: Extract<Hint, { kind: 'revoked' }>, { userId, sid }: HubSubscriber): boolean {
  if (hint.userId !== userId) return false
  if (hint.sid !== undefined) return hint.sid === sid
  return hint.except === undefined || hint.except !== sid
}

function createServices(options: HubOptions): HubServices {
  const { log, now = Date.now, random = Math.random, timers = systemTimers } = options
  const onError = options.onError ?? (() => undefined)
  const monotonic = (): number => timers.monotonic()
  return {
    log,
    now,
    random,
    timers,
    onError,
    pages: new PageCache({ log }),
    folds: new Folds({ log, now, onError }),
    feeds: new Feeds({
      log,
      random,
      onError,
      now: monotonic,
      onFlush: options.onFlush ?? (() => undefined),
      rounds: new Rounds(timers),
      coalescer: new Coalescer(timers, options.coalesceMs ?? 16),
      ringBytes: options.ringBytes ?? 1_048_576,
      ringBudget: new RingBudget(options.ringTotalBytes ?? 268_435_456),
      pollMs: options.pollMs ?? 5_000,
    }),
    heartbeatMs: options.heartbeatMs ?? 15_000,
    lifetimeMs: options.lifetimeMs ?? 900_000,
    blockedMs: options.blockedMs ?? 30_000,
    closes: {
      left: 0,
      ended: 0,
      expired: 0,
      revoked: 0,
      lagging: 0,
      lifetime: 0,
      draining: 0,
      failed: 0,
    },
    resumes: { continued: 0, snapshot: 0, reset: 0 },
  }
}
