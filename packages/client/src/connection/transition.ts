import { StreamError } from '@throughline/protocol'
import { isAtWork, onTime, silenceMs } from './deadline.ts'
import type { Draft, Turn } from './draft.ts'
import { MAX_AFTER_MS, MAX_HEARTBEAT_MS, ONLINE_JITTER_MS } from './input.ts'
import type { ConnectionInput, RefreshOutcome, Step, TransitionContext } from './input.ts'
import type { ConnectionState, PauseReason } from './state.ts'
import {
  become,
  connect,
  connectWhenOnline,
  drop,
  isProbing,
  keep,
  leave,
  refresh,
  resync,
  settle,
  succeed,
  takeOver,
  wait,
} from './steps.ts'

/**
 * What a connection becomes and what is to be done; the whole of its behaviour, and pure. SPEC.md has the table.
 *
 * An input that means nothing in a state answers that same state and no effects.
 */
export function transition(state: ConnectionState, input: ConnectionInput, context: TransitionContext): Step {
  const draft: Draft = { ...state }
  const turn: Turn = { ...context, effects: [] }
  if (state.status !== 'closed') {
    if ('generation' in input) onAttempt(draft, turn, input)
    else onWorld(draft, turn, input)
  }
  const isSame = Object.entries(state).every(([key, value]) => Reflect.get(draft, key) === value)
  return { state: isSame ? state : draft, effects: turn.effects }
}

type AttemptInput = Extract<ConnectionInput, { readonly generation: number }>

/** Something happened to the page, the session or a person. */
function onWorld(state: Draft, turn: Turn, input: Exclude<ConnectionInput, AttemptInput>): void {
  const { status } = state
  const isOver = status === 'ended' || status === 'failed'
  switch (input.type) {
    case 'close':
      return leave(state, turn, 'closed')
    case 'start':
      if (status === 'idle') connectWhenOnline(state, turn)
      return
    case 'pause':
      if (state.reasons.includes(input.reason)) return
      state.reasons = [...state.reasons, input.reason]
      if (isAtWork(state)) leave(state, turn, 'paused')
      return
    case 'resume':
      return resume(state, turn, input.reason)
    case 'offline':
      state.online = false
      if (isAtWork(state) && status !== 'offline') connectWhenOnline(state, turn)
      return
    case 'online':
      return backOnline(state, turn)
    case 'hidden':
      state.hiddenAt = turn.now
      return
    case 'visible':
      state.hiddenAt = null
      return resume(state, turn, 'hidden')
    case 'retry':
      if (isOver) {
        state.attempt = state.mismatches = 0
        state.refreshed = false
      }
      if (isOver || state.retryAt !== null) connect(state, turn)
      return
    case 'changed':
      if (status === 'open') succeed(state, turn)
      else if (status === 'connecting' || status === 'resyncing') connect(state, turn, status)
      else if (isOver && state.error?.status !== 401 && state.error?.status !== 403) {
        state.attempt = 0
        connect(state, turn)
      }
      return
    case 'gap':
      if (state.current !== null) resync(state, turn)
      return
    case 'refreshed':
      state.refreshing = false
      return refreshed(state, turn, input.outcome)
    case 'timer':
      state.heardAt = Math.max(state.heardAt, input.heardAt)
      settle(state, turn)
      onTime(state, turn, input.busy)
  }
}

/** An attempt says something. */
function onAttempt(state: Draft, turn: Turn, input: AttemptInput): void {
  const { now } = turn
  const { type, generation } = input
  const isHeard = type === 'caught_up' || type === 'reset'
  if (generation === state.successor) {
    // Accepted: from here on it has the time of a silence more to catch up.
    if (type === 'opened') state.successorSince = now + silenceMs(null, turn)
    if (isHeard) takeOver(state, turn)
    else if (type !== 'reconnect' && type !== 'dropped') return
    else if (isProbing(state)) return keep(state, turn)
  } else if (generation !== state.current) return
  // A transport may forget to say that it was accepted; what it brings says so, too.
  if (type === 'opened' || (isHeard && state.openedAt === null)) state.openedAt = state.heardAt = now
  switch (type) {
    case 'opened':
      state.error = null
      state.mismatches = 0
      state.refreshed = false
      if (state.status === 'connecting') become(state, turn, 'open', 'replaying')
      return
    case 'delivered':
      state.delivered = true
      return
    case 'caught_up':
      become(state, turn, 'open', 'live')
      state.mutes = 0
      state.heartbeatMs =
        input.heartbeatMs === undefined ? null : Math.min(input.heartbeatMs, MAX_HEARTBEAT_MS)
      return
    case 'reset':
      return become(state, turn, 'resyncing')
    case 'reconnect':
      settle(state, turn)
      leave(state, turn, 'waiting')
      state.retryAt = now + Math.min(MAX_AFTER_MS, Math.max(0, input.afterMs))
      return
    case 'auth_expiring':
      return refresh(state, turn)
    case 'dropped':
      drop(state, turn, input.error)
  }
}

function resume(state: Draft, turn: Turn, reason: PauseReason): void {
  if (!state.reasons.includes(reason)) return
  state.reasons = state.reasons.filter((other) => other !== reason)
  if (state.status === 'paused' && state.reasons.length === 0) connectWhenOnline(state, turn)
}

function backOnline(state: Draft, turn: Turn): void {
  const { status, error } = state
  const soon = turn.now + Math.floor(turn.random() * ONLINE_JITTER_MS)
  state.online = true
  if (status === 'offline') {
    leave(state, turn, 'waiting', error)
    state.retryAt = soon
  } else if (status === 'waiting' && error?.code === 'network_error') {
    state.retryAt = Math.min(state.retryAt ?? soon, soon)
  }
}

function refreshed(state: Draft, turn: Turn, outcome: RefreshOutcome): void {
  if (state.status === 'open') {
    if (outcome === 'renewed') succeed(state, turn)
  } else if (state.status === 'authenticating') {
    if (outcome === 'renewed') {
      state.refreshed = true
      connect(state, turn)
    } else if (outcome === 'unreachable') wait(state, turn)
    else leave(state, turn, 'failed', new StreamError('auth_error', 'Sign in to go on.', { status: 401 }))
  }
}
