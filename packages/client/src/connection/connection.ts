import { StreamError } from '@throughline/protocol'
import type { Envelope } from '@throughline/protocol'
import type { Environment, EnvironmentEvent, Timer } from '../environment.ts'
import { loadReader, reader } from '../reading/load-reader.ts'
import type { Unsubscribe } from '../session/session.ts'
import type { SessionCursor, Transport } from '../transports/transport.ts'
import { deadlineOf } from './deadline.ts'
import type { ConnectionEffect, ConnectionInput, ConnectionLimits, RefreshOutcome } from './input.ts'
import { initialState } from './state.ts'
import type { ConnectionState, Lane, PauseReason } from './state.ts'
import { transition } from './transition.ts'

/** Where what a connection carries goes, and what it has to know of it. */
export interface ConnectionSink {
  /** The sessions to carry and where each stands, as of what was folded. */
  cursors(): readonly SessionCursor[]
  /** Drops every cursor. */
  forget(): void
  /** Takes an event of any kind; `length` is that of its text. `false`: one before it was lost, its session must join anew. */
  receive(envelope: Envelope, length: number): boolean
  /** Set while no more can be taken: resolves when it can. */
  full(): Promise<void> | undefined
  /** Whether a run is active, or something is looked at in another tab. */
  isBusy(): boolean
}

/** What a connection runs on. */
export interface ConnectionOptions extends ConnectionLimits {
  readonly environment: Environment
  readonly transports: Readonly<Partial<Record<Lane, Transport>> & { stream: Transport }>
  readonly sink: ConnectionSink
  /** Renews the credentials. Must not reject. */
  readonly refresh: () => Promise<RefreshOutcome>
}

/** A connection that is kept up: it owns all retries, the only timer and the attempts. */
export interface Connection {
  getState(): ConnectionState
  subscribe(listener: () => void): Unsubscribe
  start(): void
  pause(reason: PauseReason): void
  resume(reason: PauseReason): void
  /** The sessions to carry are others now. */
  change(): void
  /** A session lost something and has dropped its cursor. */
  resync(): void
  retryNow(): void
  close(): void
}

/** Runs `transition`: everything that happens becomes an input, every effect is carried out here. */
export function createConnection(options: ConnectionOptions): Connection {
  const { environment, transports, sink, refresh } = options
  const listeners = new Set<() => void>()
  const attempts = new Map<number, AbortController>()
  const inbox: ConnectionInput[] = []
  let isDraining = false
  let timer: Timer
  let heardAt = 0
  let clock = 0
  let skew = 0
  let state = initialState(now())

  // Liveness and back-off are sums on the wall clock, which counts sleep; set back, it must not stretch them.
  function now(): number {
    const wall = environment.now()
    skew = Math.max(skew, clock - wall)
    return (clock = wall + skew)
  }

  function dispatch(input: ConnectionInput): void {
    inbox.push(input)
    if (isDraining) return
    isDraining = true
    const before = state
    for (let next = inbox.shift(); next !== undefined; next = inbox.shift()) {
      const step = transition(state, next, { ...options, now: now(), random: environment.random })
      state = step.state
      for (const effect of step.effects) run(effect)
    }
    isDraining = false
    arm()
    if (state !== before) for (const listener of [...listeners]) listener()
  }

  function run(effect: ConnectionEffect): void {
    if (effect.type === 'open') void attempt(effect.generation, effect.lane)
    else if (effect.type === 'abort') {
      attempts.get(effect.generation)?.abort()
      attempts.delete(effect.generation)
    } else if (effect.type === 'forget') sink.forget()
    else void refresh().then((outcome) => dispatch({ type: 'refreshed', outcome }))
  }

  async function attempt(generation: number, lane: Lane): Promise<void> {
    const controller = new AbortController()
    const { signal } = controller
    attempts.set(generation, controller)
    let cause: unknown
    try {
      const loading = loadReader()
      const cursors = sink.cursors()
      const behind = new Set(cursors.map(({ sessionId }) => sessionId))
      const frames = (transports[lane] ?? transports.stream).open({
        cursors,
        signal,
        onOpen: () => {
          dispatch({ type: 'opened', generation })
        },
        onActivity: () => {
          if (generation === state.current) heardAt = now()
        },
      })
      for await (const { data } of frames) {
        const { parseEnvelope } = await loading
        if (signal.aborted) return
        const envelope = parseEnvelope(data)
        if (envelope !== undefined) {
          if (sink.receive(envelope, data.length)) heed(envelope, generation, behind)
          else dispatch({ type: 'gap' })
        }
        await sink.full()
      }
    } catch (thrown) {
      cause = thrown
    }
    const error =
      cause instanceof StreamError ? cause : new StreamError('network_error', 'The stream ended.', { cause })
    // An aborted attempt is an old one by now: the transition would not listen.
    dispatch({ type: 'dropped', generation, error })
  }

  /** What an event means to the connection itself. */
  function heed(envelope: Envelope, generation: number, behind: Set<string>): void {
    if (generation === state.current && !state.delivered) dispatch({ type: 'delivered', generation })
    const { type, sessionId } = envelope
    if (type === 'caught_up' || type === 'session_closed') {
      if (!behind.delete(sessionId) || behind.size > 0) return
      const heartbeatMs = reader.isEvent(envelope, 'caught_up') ? envelope.data.heartbeatMs : undefined
      dispatch({ type: 'caught_up', generation, heartbeatMs })
    } else if (type === 'reset' || type === 'auth_expiring') {
      if (type === 'reset') behind.add(sessionId)
      dispatch({ type, generation })
    } else if (reader.isEvent(envelope, 'reconnect')) {
      dispatch({ type: 'reconnect', generation, afterMs: envelope.data.afterMs })
    }
  }

  function look(): void {
    dispatch({ type: 'timer', heardAt, busy: sink.isBusy() })
  }

  function arm(): void {
    environment.clearTimer(timer)
    const due = deadlineOf(state, options)
    if (due === Infinity) return
    const onTimer = (): void => {
      // It has come, whatever the wall clock says.
      clock = Math.max(clock, due)
      look()
    }
    timer = environment.setTimer(onTimer, Math.max(0, due - now()))
  }

  const tell = (type: 'start' | 'changed' | 'gap' | 'retry') => () => dispatch({ type })

  function onPage(event: EnvironmentEvent): void {
    if (event === 'pagehide') dispatch({ type: 'pause', reason: 'page' })
    else if (event === 'pageshow') dispatch({ type: 'resume', reason: 'page' })
    else dispatch({ type: event })
    // Timers may have slept with the page.
    look()
  }

  const unwatch = environment.watch(onPage)
  if (!environment.isOnline()) dispatch({ type: 'offline' })
  if (!environment.isVisible()) dispatch({ type: 'hidden' })

  return {
    getState: () => state,
    subscribe(listener) {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
    start: tell('start'),
    pause: (reason) => dispatch({ type: 'pause', reason }),
    resume: (reason) => dispatch({ type: 'resume', reason }),
    change: tell('changed'),
    resync: tell('gap'),
    retryNow: tell('retry'),
    close() {
      unwatch()
      dispatch({ type: 'close' })
    },
  }
}
