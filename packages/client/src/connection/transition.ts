import { StreamError } from '@throughline/protocol'
import { silenceMs } from './deadline.ts'
import { HIDDEN_MS, MAX_AFTER_MS, MAX_HEARTBEAT_MS, ONLINE_JITTER_MS, PROBE_MS } from './input.ts'
import type { ConnectionInput, Step, TransitionContext } from './input.ts'
import type { ConnectionState } from './state.ts'
import {
  connect,
  connectWhenOnline,
  drop,
  keep,
  leave,
  mute,
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
  if (state.status === 'closed') return stay(state)
  if ('generation' in input) {
    if (input.generation === state.current) return fromCurrent(state, input, context)
    return input.generation === state.successor ? fromSuccessor(state, input, context) : stay(state)
  }
  const { now } = context
  switch (input.type) {
    case 'close':
      return leave(state, 'closed', now)
    case 'start':
      return state.status === 'idle' ? connectWhenOnline(state, context) : stay(state)
    case 'pause': {
      if (state.reasons.includes(input.reason)) return stay(state)
      const paused = { ...state, reasons: [...state.reasons, input.reason] }
      return isAtWork(state) ? leave(paused, 'paused', now) : stay(paused)
    }
    case 'resume':
      return resume(state, input.reason, context)
    case 'offline': {
      const offline = { ...state, online: false }
      return isAtWork(state) && state.status !== 'offline'
        ? connectWhenOnline(offline, context)
        : stay(offline)
    }
    case 'online':
      return backOnline({ ...state, online: true }, context)
    case 'hidden':
      return stay({ ...state, hiddenAt: now })
    case 'visible':
      return resume({ ...state, hiddenAt: null }, 'hidden', context)
    case 'retry':
      if (state.status === 'waiting' || state.status === 'offline') return connect(state, context)
      return isOver(state)
        ? connect({ ...state, attempt: 0, mismatches: 0, refreshed: false }, context)
        : stay(state)
    case 'changed':
      return changed(state, context)
    case 'gap':
      return state.current === null ? stay(state) : resync(state, context)
    case 'refreshed':
      return refreshed({ ...state, refreshing: false }, input.outcome, context)
    case 'timer':
      return atDeadline({ ...state, heardAt: Math.max(state.heardAt, input.heardAt) }, input.busy, context)
  }
}

type AttemptInput = Extract<ConnectionInput, { readonly generation: number }>

function fromCurrent(before: ConnectionState, input: AttemptInput, context: TransitionContext): Step {
  const { now } = context
  const isHeard = input.type === 'caught_up' || input.type === 'reset'
  // A transport may forget to say that it was accepted; what it brings says so, too.
  const state = isHeard && before.openedAt === null ? { ...before, openedAt: now, heardAt: now } : before
  switch (input.type) {
    case 'opened': {
      const opened = { ...state, openedAt: now, heardAt: now, error: null, mismatches: 0, refreshed: false }
      return stay(
        state.status === 'connecting'
          ? { ...opened, status: 'open', phase: 'replaying', since: now }
          : opened,
      )
    }
    case 'delivered':
      return stay({ ...state, delivered: true })
    case 'caught_up':
      return stay({ ...state, ...liveFrom(input, now) })
    case 'reset':
      return stay({ ...state, status: 'resyncing', phase: null, since: now })
    case 'reconnect': {
      const retryAt = now + Math.min(MAX_AFTER_MS, Math.max(0, input.afterMs))
      return leave(settle(state, now), 'waiting', now, { retryAt })
    }
    case 'expiring':
      if (state.refreshing) return stay(state)
      return { state: { ...state, refreshing: true }, effects: [{ type: 'refresh' }] }
    case 'dropped':
      return drop(state, input.error, context)
  }
}

function fromSuccessor(state: ConnectionState, input: AttemptInput, context: TransitionContext): Step {
  const { now } = context
  switch (input.type) {
    case 'opened':
      // Accepted: from here on it has the time of a silence more to catch up.
      return stay({ ...state, successorSince: now + silenceMs({ heartbeatMs: null }, context) })
    case 'caught_up':
      return takeOver(state, now, liveFrom(input, now))
    case 'reset':
      return takeOver(state, now, { status: 'resyncing', phase: null, since: now })
    case 'reconnect':
      return state.successorReason === 'probe' ? keep(state, now) : fromCurrent(state, input, context)
    case 'dropped':
      return state.successorReason === 'probe' ? keep(state, now) : drop(state, input.error, context)
    case 'delivered':
    case 'expiring':
      return stay(state)
  }
}

function liveFrom({ heartbeatMs }: { readonly heartbeatMs?: number }, now: number) {
  const announced = heartbeatMs === undefined ? null : Math.min(heartbeatMs, MAX_HEARTBEAT_MS)
  return { status: 'open', phase: 'live', since: now, mutes: 0, heartbeatMs: announced } as const
}

function resume(
  state: ConnectionState,
  reason: ConnectionState['reasons'][number],
  context: TransitionContext,
): Step {
  if (!state.reasons.includes(reason)) return stay(state)
  const resumed = { ...state, reasons: state.reasons.filter((other) => other !== reason) }
  const isFree = state.status === 'paused' && resumed.reasons.length === 0
  return isFree ? connectWhenOnline(resumed, context) : stay(resumed)
}

function backOnline(state: ConnectionState, { now, random }: TransitionContext): Step {
  const retryAt = now + Math.floor(random() * ONLINE_JITTER_MS)
  if (state.status === 'offline') return leave(state, 'waiting', now, { retryAt, error: state.error })
  const wasNetwork = state.status === 'waiting' && state.error?.code === 'network_error'
  return stay(wasNetwork ? { ...state, retryAt: Math.min(state.retryAt ?? retryAt, retryAt) } : state)
}

function changed(state: ConnectionState, context: TransitionContext): Step {
  switch (state.status) {
    case 'open':
      return succeed(state, 'changed', context.now)
    case 'connecting':
      return connect(state, context)
    case 'resyncing':
      return connect(state, context, 'resyncing')
    case 'failed':
      if (state.error?.status === 401 || state.error?.status === 403) return stay(state)
      return connect({ ...state, attempt: 0 }, context)
    case 'ended':
      return connect({ ...state, attempt: 0 }, context)
    default:
      return stay(state)
  }
}

function refreshed(state: ConnectionState, outcome: string, context: TransitionContext): Step {
  const { now } = context
  if (state.status === 'open') return outcome === 'renewed' ? succeed(state, 'changed', now) : stay(state)
  if (state.status !== 'authenticating') return stay(state)
  if (outcome === 'renewed') return connect({ ...state, refreshed: true }, context)
  if (outcome === 'unreachable') return wait(state, noAnswer(), context)
  return leave(state, 'failed', now, {
    error: new StreamError('auth_error', 'Sign in to go on.', { status: 401 }),
  })
}

function atDeadline(state: ConnectionState, busy: boolean, context: TransitionContext): Step {
  const { now, timeoutMs } = context
  if (!isAtWork(state)) return stay(state)
  if (state.hiddenAt !== null && now - state.hiddenAt >= HIDDEN_MS) {
    if (!busy) return leave({ ...state, reasons: [...state.reasons, 'hidden'] }, 'paused', now)
    return atDeadline({ ...state, hiddenAt: now }, busy, context)
  }
  switch (state.status) {
    case 'waiting':
    case 'offline':
      return now >= (state.retryAt ?? now) ? connect(state, context) : stay(state)
    case 'authenticating':
      return now - state.since >= timeoutMs ? refreshed(state, 'unreachable', context) : stay(state)
    default:
  }
  if (state.openedAt === null) {
    if (now - state.since < timeoutMs) return stay(state)
    return state.online && state.lane === 'stream'
      ? mute(state, noAnswer(), context)
      : wait(state, noAnswer(), context)
  }
  if (now - state.heardAt >= silenceMs(state, context)) return drop(state, silence(), context)
  const settled = settle(state, now)
  if (state.successor !== null) {
    if (now - state.successorSince < timeoutMs) return stay(settled)
    return state.successorReason === 'probe' ? keep(settled, now) : wait(settled, noAnswer(), context)
  }
  const mayProbe = state.lane === 'poll' && state.status === 'open'
  return mayProbe && now - state.polledSince >= PROBE_MS ? succeed(settled, 'probe', now) : stay(settled)
}

function noAnswer(): StreamError {
  return new StreamError('network_error', 'The server did not answer.')
}

function silence(): StreamError {
  return new StreamError('heartbeat_timeout', 'The stream went silent.')
}

function stay(state: ConnectionState): Step {
  return { state, effects: [] }
}

/** It wants to carry; only rest, an end or never having started keep it from that. */
function isAtWork({ status }: ConnectionState): boolean {
  return status !== 'idle' && status !== 'paused' && !isOver({ status })
}

function isOver({ status }: Pick<ConnectionState, 'status'>): boolean {
  return status === 'ended' || status === 'failed' || status === 'closed'
}
