import { StreamError } from '@throughline/protocol'
import type { Draft, Turn } from './draft.ts'
import { HIDDEN_MS, PROBE_MS, SILENCE_SLACK_MS } from './input.ts'
import type { ConnectionLimits } from './input.ts'
import type { ConnectionState } from './state.ts'
import { connect, drop, isProbing, keep, leave, mute, succeed, wait } from './steps.ts'

/** A time, ms, and what follows when nothing else came before. */
type Due = readonly [at: number, act: (state: Draft, turn: Turn) => void]

/** When a state must next be looked at, ms; `Infinity` when only an input can change it. */
export function deadlineOf(state: ConnectionState, limits: ConnectionLimits): number {
  return Math.min(...duesOf(state, limits).map(([at]) => at))
}

/** What follows from the time that it is. `busy`: a run is active or some tab is looked at. */
export function onTime(state: Draft, turn: Turn, busy: boolean): void {
  const { now } = turn
  // Looked at again when it may have ended.
  if (busy && state.hiddenAt !== null && now - state.hiddenAt >= HIDDEN_MS) state.hiddenAt = now
  duesOf(state, turn).find(([at]) => now >= at)?.[1](state, turn)
}

/** What a state waits for, the first to count first. */
function duesOf(state: ConnectionState, limits: ConnectionLimits): readonly Due[] {
  if (!isAtWork(state)) return []
  const answerBy = state.since + limits.timeoutMs
  const dues: Due[] = state.hiddenAt === null ? [] : [[state.hiddenAt + HIDDEN_MS, letGo]]
  if (state.retryAt !== null) dues.push([state.retryAt, connect])
  else if (state.status === 'authenticating') dues.push([answerBy, unreached])
  else if (state.openedAt === null) dues.push([answerBy, unanswered])
  else {
    dues.push([state.heardAt + silenceMs(state.heartbeatMs, limits), fallSilent])
    if (state.successor !== null) dues.push([state.successorSince + limits.timeoutMs, giveUp])
    else if (state.lane === 'poll' && state.status === 'open')
      dues.push([state.polledSince + PROBE_MS, probe])
  }
  return dues
}

function letGo(state: Draft, turn: Turn): void {
  state.reasons = [...state.reasons, 'hidden']
  leave(state, turn, 'paused')
}

function unreached(state: Draft, turn: Turn): void {
  state.refreshing = false
  wait(state, turn)
}

function unanswered(state: Draft, turn: Turn): void {
  const strike = state.online ? mute : wait
  strike(state, turn)
}

function fallSilent(state: Draft, turn: Turn): void {
  drop(state, turn, new StreamError('heartbeat_timeout', 'The stream went silent.'))
}

function giveUp(state: Draft, turn: Turn): void {
  if (isProbing(state)) keep(state, turn)
  else wait(state, turn)
}

function probe(state: Draft, turn: Turn): void {
  succeed(state, turn, 'stream')
}

/** Silence after which an attempt is dead, ms. @param announced what its hub said of its heartbeats */
export function silenceMs(announced: number | null, limits: Pick<ConnectionLimits, 'heartbeatMs'>): number {
  return (announced ?? limits.heartbeatMs) + SILENCE_SLACK_MS
}

/** It wants to carry: it tries, carries, waits or signs in. Only rest, an end or never having started keep it from that. */
export function isAtWork({ status, current, retryAt }: ConnectionState): boolean {
  return status === 'authenticating' || (current ?? retryAt) !== null
}
