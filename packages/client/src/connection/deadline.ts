import { StreamError } from '@throughline/protocol'
import type { Draft, Turn } from './draft.ts'
import { HIDDEN_MS, PROBE_MS, SILENCE_SLACK_MS } from './input.ts'
import type { ConnectionLimits } from './input.ts'
import type { ConnectionState } from './state.ts'
import { connect, drop, keep, leave, mute, noAnswer, succeed, wait } from './steps.ts'

/** A time, ms, and what follows when nothing else came before. */
type Due = readonly [at: number, act: (state: Draft, turn: Turn) => void]

/** When a state must next be looked at, ms; `Infinity` when only an input can change it. */
export function deadlineOf(state: ConnectionState, limits: ConnectionLimits): number {
  const hidden = isAtWork(state) && state.hiddenAt !== null ? state.hiddenAt + HIDDEN_MS : Infinity
  return Math.min(hidden, ...duesOf(state, limits).map(([at]) => at))
}

/** What follows from the time that it is. `busy`: a run is active or some tab is looked at. */
export function onTime(state: Draft, turn: Turn, busy: boolean): void {
  const { now } = turn
  if (isAtWork(state) && state.hiddenAt !== null && now - state.hiddenAt >= HIDDEN_MS) {
    if (!busy) {
      state.reasons = [...state.reasons, 'hidden']
      leave(state, turn, 'paused')
      return
    }
    state.hiddenAt = now
  }
  duesOf(state, turn).find(([at]) => now >= at)?.[1](state, turn)
}

/** What a state waits for, the first to count first. */
function duesOf(state: ConnectionState, limits: ConnectionLimits): readonly Due[] {
  const answerBy = state.since + limits.timeoutMs
  if (!isAtWork(state)) return []
  if (state.retryAt !== null) return [[state.retryAt, connect]]
  if (state.status === 'authenticating') return [[answerBy, unreached]]
  if (state.openedAt === null) return [[answerBy, unanswered]]
  const dues: Due[] = [[state.heardAt + silenceMs(state.heartbeatMs, limits), fallSilent]]
  if (state.successor !== null) dues.push([state.successorSince + limits.timeoutMs, giveUp])
  else if (state.lane === 'poll' && state.status === 'open') dues.push([state.polledSince + PROBE_MS, probe])
  return dues
}

function unreached(state: Draft, turn: Turn): void {
  state.refreshing = false
  wait(state, turn, noAnswer())
}

function unanswered(state: Draft, turn: Turn): void {
  if (state.online) mute(state, turn, noAnswer())
  else wait(state, turn, noAnswer())
}

function fallSilent(state: Draft, turn: Turn): void {
  drop(state, turn, new StreamError('heartbeat_timeout', 'The stream went silent.'))
}

function giveUp(state: Draft, turn: Turn): void {
  if (state.successorReason === 'probe') keep(state, turn)
  else wait(state, turn, noAnswer())
}

function probe(state: Draft, turn: Turn): void {
  succeed(state, turn, 'probe')
}

/** Silence after which an attempt is dead, ms. @param announced what its hub said of its heartbeats */
export function silenceMs(announced: number | null, limits: Pick<ConnectionLimits, 'heartbeatMs'>): number {
  return (announced ?? limits.heartbeatMs) + SILENCE_SLACK_MS
}

/** It wants to carry: it tries, carries, waits or signs in. Only rest, an end or never having started keep it from that. */
export function isAtWork({ status, current, retryAt }: ConnectionState): boolean {
  return status === 'authenticating' || (current ?? retryAt) !== null
}
