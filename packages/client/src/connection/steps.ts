import { StreamError } from '@throughline/protocol'
import { backoffMs } from './backoff.ts'
import { OFFLINE_RETRY_MS, SETTLED_MS, STRIKES } from './input.ts'
import type { ConnectionEffect, Step, TransitionContext } from './input.ts'
import type { ConnectionState, ConnectionStatus, Lane, SuccessorReason } from './state.ts'
import { verdictOf } from './verdict.ts'

/** Forgets failures once an attempt was open for 5 s and brought an event; until then it has proved nothing. */
export function settle(state: ConnectionState, now: number): ConnectionState {
  const isSettled = state.delivered && state.openedAt !== null && now - state.openedAt >= SETTLED_MS
  return isSettled && state.attempt > 0 ? { ...state, attempt: 0 } : state
}

type Patch = Partial<ConnectionState>

/** Leaves the attempts behind and is `status` from now on. */
export function leave(
  state: ConnectionState,
  status: ConnectionStatus,
  now: number,
  patch: Patch = {},
): Step {
  const running = [state.current, state.successor].filter((generation) => generation !== null)
  return {
    state: {
      ...state,
      phase: null,
      retryAt: null,
      error: null,
      current: null,
      successor: null,
      successorReason: null,
      openedAt: null,
      delivered: false,
      heartbeatMs: null,
      since: now,
      ...patch,
      status,
    },
    effects: running.map((generation) => ({ type: 'abort', generation })),
  }
}

/** Begins an attempt, unless there is a reason to rest. */
export function connect(
  state: ConnectionState,
  { now }: TransitionContext,
  status: 'connecting' | 'resyncing' = 'connecting',
): Step {
  if (state.reasons.length > 0) return leave(state, 'paused', now)
  const generation = state.generation + 1
  return withEffect(leave(state, status, now, { generation, current: generation, error: state.error }), {
    type: 'open',
    generation,
    lane: state.lane,
  })
}

/** Begins an attempt where the network is said to be there, and waits for it otherwise. */
export function connectWhenOnline(state: ConnectionState, context: TransitionContext): Step {
  if (state.online || state.reasons.length > 0) return connect(state, context)
  return leave(state, 'offline', context.now, { retryAt: context.now + OFFLINE_RETRY_MS })
}

/** Opens a second attempt beside the one that carries; it takes over once it has caught up. */
export function succeed(state: ConnectionState, reason: SuccessorReason, now: number): Step {
  const generation = state.generation + 1
  const lane: Lane = reason === 'probe' ? 'stream' : state.lane
  const effects: ConnectionEffect[] = [{ type: 'open', generation, lane }]
  if (state.successor !== null) effects.unshift({ type: 'abort', generation: state.successor })
  return {
    state: { ...state, generation, successor: generation, successorReason: reason, successorSince: now },
    effects,
  }
}

/** Gives the second attempt up and goes on with the first. */
export function keep(state: ConnectionState, now: number): Step {
  const effects: ConnectionEffect[] =
    state.successor === null ? [] : [{ type: 'abort', generation: state.successor }]
  return { state: { ...state, successor: null, successorReason: null, polledSince: now }, effects }
}

/** The second attempt becomes the one that carries. */
export function takeOver(before: ConnectionState, now: number, patch: Patch): Step {
  const state = settle(before, now)
  return {
    state: {
      ...state,
      current: state.successor,
      successor: null,
      successorReason: null,
      lane: state.successorReason === 'probe' ? 'stream' : state.lane,
      openedAt: now,
      heardAt: now,
      delivered: true,
      refreshed: false,
      ...patch,
    },
    effects: state.current === null ? [] : [{ type: 'abort', generation: state.current }],
  }
}

/** Backs off; gives up when the caller set a limit. */
export function wait(before: ConnectionState, error: StreamError, context: TransitionContext): Step {
  const { now, random, backoff } = context
  const state = settle(before, now)
  const attempt = state.attempt + 1
  if (attempt > (backoff.maxReconnectAttempts ?? Infinity)) {
    const reached = new StreamError('max_reconnect_reached', 'Could not reconnect: try again.', {
      cause: error,
    })
    return leave(state, 'failed', now, { error: reached })
  }
  if (!state.online && error.status === undefined) {
    return leave(state, 'offline', now, { attempt, error, retryAt: now + OFFLINE_RETRY_MS })
  }
  const retryAt = now + backoffMs(state.attempt, random, backoff, error.retryAfterMs)
  return leave(state, 'waiting', now, { attempt, error, retryAt })
}

/** Joins anew: at once the first time, with back-off when that did not last. */
export function resync(before: ConnectionState, context: TransitionContext): Step {
  const state = settle(before, context.now)
  if (state.attempt === 0) return connect({ ...state, attempt: 1 }, context, 'resyncing')
  return wait(state, new StreamError('cursor_expired', 'Events were lost: joining again.'), context)
}

/** The attempt that carried has ended. */
export function drop(before: ConnectionState, error: StreamError, context: TransitionContext): Step {
  const { now } = context
  const state = settle(before, now)
  switch (verdictOf(error)) {
    case 'end':
      return leave(state, 'ended', now)
    case 'fail':
      return leave(state, 'failed', now, { error })
    case 'refresh':
      if (state.refreshed) return leave(state, 'failed', now, { error, refreshed: false })
      return withEffect(leave(state, 'authenticating', now, { refreshing: true }), { type: 'refresh' })
    case 'resync': {
      const { state: next, effects } = resync(state, context)
      return { state: next, effects: [{ type: 'forget' }, ...effects] }
    }
    case 'mismatch': {
      const mismatches = state.mismatches + 1
      if (mismatches >= STRIKES) return leave(state, 'failed', now, { error, mismatches: 0 })
      return wait({ ...state, mismatches }, error, context)
    }
    case 'retry': {
      if (error.status !== undefined) return wait({ ...state, mutes: 0 }, error, context)
      // It was accepted and broke off or fell silent before it had caught up.
      const isStrike = state.openedAt !== null && state.phase !== 'live' && state.lane === 'stream'
      return isStrike ? mute(state, error, context) : wait(state, error, context)
    }
  }
}

/** A strike: three in a row, and a buffering proxy is a likelier cause than a fault. */
export function mute(before: ConnectionState, error: StreamError, context: TransitionContext): Step {
  const state = { ...before, mutes: before.mutes + 1 }
  if (state.mutes < STRIKES || !context.canPoll) return wait(state, error, context)
  return connect({ ...state, mutes: 0, lane: 'poll', polledSince: context.now }, context)
}

function withEffect(step: Step, effect: ConnectionEffect): Step {
  return { ...step, effects: [...step.effects, effect] }
}
