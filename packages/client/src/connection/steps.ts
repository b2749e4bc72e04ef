import { StreamError } from '@throughline/protocol'
import { backoffMs } from './backoff.ts'
import type { Draft, Turn } from './draft.ts'
import { OFFLINE_RETRY_MS, SETTLED_MS, STRIKES } from './input.ts'
import { NO_ATTEMPT } from './state.ts'
import type { ConnectionState, ConnectionStatus, Lane } from './state.ts'

/** Forgets failures once an attempt was open for 5 s and brought an event; until then it has proved nothing. */
export function settle(state: Draft, { now }: Turn): void {
  const isSettled = state.delivered && state.openedAt !== null && now - state.openedAt >= SETTLED_MS
  if (isSettled) state.attempt = 0
}

/** Leaves the attempts behind and is `status` from now on. */
export function leave(
  state: Draft,
  turn: Turn,
  status: ConnectionStatus,
  error: StreamError | null = null,
): void {
  abort(state.current, turn)
  abort(state.successor, turn)
  Object.assign(state, NO_ATTEMPT)
  become(state, turn, status)
  state.error = error
}

/** Is `status` from now on, with the attempts there are. */
export function become(
  state: Draft,
  { now }: Turn,
  status: ConnectionStatus,
  phase: ConnectionState['phase'] = null,
): void {
  state.status = status
  state.phase = phase
  state.since = now
}

/** Begins an attempt, unless there is a reason to rest. */
export function connect(state: Draft, turn: Turn, status: 'connecting' | 'resyncing' = 'connecting'): void {
  if (state.reasons.length > 0) leave(state, turn, 'paused')
  else {
    leave(state, turn, status, state.error)
    state.current = open(state, turn, state.lane)
  }
}

/** Begins an attempt where the network is said to be there, and waits for it otherwise. */
export function connectWhenOnline(state: Draft, turn: Turn): void {
  if (state.online || state.reasons.length > 0) connect(state, turn)
  else {
    leave(state, turn, 'offline')
    state.retryAt = turn.now + OFFLINE_RETRY_MS
  }
}

/** Opens a second attempt beside the one that carries; it takes over once it has caught up. */
export function succeed(state: Draft, turn: Turn, lane = state.lane): void {
  abort(state.successor, turn)
  state.successor = open(state, turn, lane)
  state.successorLane = lane
  state.successorSince = turn.now
}

/** Whether the second attempt, if there is one, tries the other lane: what becomes of it is no loss. */
export function isProbing({ lane, successorLane }: ConnectionState): boolean {
  return lane !== successorLane
}

/** Gives the second attempt up and goes on with the first. */
export function keep(state: Draft, turn: Turn): void {
  abort(state.successor, turn)
  state.successor = null
  state.polledSince = turn.now
}

/** The second attempt becomes the one that carries. */
export function takeOver(state: Draft, turn: Turn): void {
  settle(state, turn)
  abort(state.current, turn)
  state.lane = state.successorLane
  state.current = state.successor
  state.successor = null
  state.openedAt = state.heardAt = turn.now
  state.delivered = true
  state.refreshed = false
}

/** Backs off, when nobody says otherwise because there was no answer; gives up when the caller set a limit. */
export function wait(
  state: Draft,
  turn: Turn,
  error = new StreamError('network_error', 'The server did not answer.'),
): void {
  const { now, random, backoff } = turn
  settle(state, turn)
  if (state.attempt >= (backoff.maxReconnectAttempts ?? Infinity)) {
    const message = 'Gave up: try again.'
    leave(state, turn, 'failed', new StreamError('max_reconnect_reached', message, { cause: error }))
    return
  }
  const isOffline = !state.online && error.status === undefined
  leave(state, turn, isOffline ? 'offline' : 'waiting', error)
  const waitMs = backoffMs(state.attempt++, random, backoff, error.retryAfterMs)
  state.retryAt = now + (isOffline ? OFFLINE_RETRY_MS : waitMs)
}

/** Joins anew: at once the first time, with back-off when that did not last. */
export function resync(state: Draft, turn: Turn): void {
  settle(state, turn)
  if (state.attempt > 0)
    wait(state, turn, new StreamError('cursor_expired', 'Events are missing: joining again'))
  else {
    state.attempt = 1
    connect(state, turn, 'resyncing')
  }
}

/**
 * The attempt that carried has ended. By the HTTP status:
 *
 * - none: the network; or an event too large to read, which only a snapshot leads past. 408, 425, 429, 5xx: retried.
 * - 200: something else than a hub answered (a captive portal); retried, but not for ever.
 * - 204: nothing will ever come. 401: the one refresh. 409: the cursors are no use, join anew.
 * - 403, 404, 410 and whatever else a retry cannot mend: failed.
 */
export function drop(state: Draft, turn: Turn, error: StreamError): void {
  const { status, code } = error
  settle(state, turn)
  if (status === 204) leave(state, turn, 'ended')
  else if (status === 401 && !state.refreshed) {
    leave(state, turn, 'authenticating')
    refresh(state, turn)
  } else if (status === 409 || (status === undefined && code === 'invalid_request')) {
    turn.effects.push({ type: 'forget' })
    resync(state, turn)
  } else if (status === undefined) {
    // It was accepted and broke off or fell silent before it had caught up.
    if (state.openedAt !== null && state.phase !== 'live') mute(state, turn, error)
    else wait(state, turn, error)
  } else if (status >= 500 || [408, 425, 429].includes(status)) {
    state.mutes = 0
    wait(state, turn, error)
  } else if (status === 200 && ++state.mismatches < STRIKES) wait(state, turn, error)
  else {
    leave(state, turn, 'failed', error)
    state.mismatches = 0
    state.refreshed = false
  }
}

/** A strike: three in a row, and a buffering proxy is a likelier cause than a fault. */
export function mute(state: Draft, turn: Turn, error?: StreamError): void {
  if (state.lane === 'stream' && ++state.mutes >= STRIKES && turn.canPoll) {
    state.mutes = 0
    state.lane = 'poll'
    state.polledSince = turn.now
    connect(state, turn)
  } else wait(state, turn, error)
}

/** Asks for new credentials, once at a time. */
export function refresh(state: Draft, { effects }: Turn): void {
  if (!state.refreshing) effects.push({ type: 'refresh' })
  state.refreshing = true
}

function open(state: Draft, { effects }: Turn, lane: Lane): number {
  const generation = ++state.generation
  effects.push({ type: 'open', generation, lane })
  return generation
}

function abort(generation: number | null, { effects }: Turn): void {
  if (generation !== null) effects.push({ type: 'abort', generation })
}
