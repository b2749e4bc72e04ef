import { HIDDEN_MS, PROBE_MS, SILENCE_SLACK_MS } from './input.ts'
import type { ConnectionLimits } from './input.ts'
import type { ConnectionState } from './state.ts'

/** When a state must next be looked at, ms; `Infinity` when only an input can change it. */
export function deadlineOf(state: ConnectionState, limits: ConnectionLimits): number {
  const { timeoutMs } = limits
  const due: number[] = []
  switch (state.status) {
    case 'waiting':
    case 'offline':
      due.push(state.retryAt ?? Infinity)
      break
    case 'authenticating':
      due.push(state.since + timeoutMs)
      break
    case 'connecting':
    case 'open':
    case 'resyncing':
      due.push(state.openedAt === null ? state.since + timeoutMs : state.heardAt + silenceMs(state, limits))
      if (state.successor !== null) due.push(state.successorSince + timeoutMs)
      else if (state.lane === 'poll' && state.status === 'open') due.push(state.polledSince + PROBE_MS)
      break
    default:
      return Infinity
  }
  if (state.hiddenAt !== null) due.push(state.hiddenAt + HIDDEN_MS)
  return Math.min(...due)
}

/** Silence after which the attempt that carries is dead, ms. */
export function silenceMs(
  { heartbeatMs }: Pick<ConnectionState, 'heartbeatMs'>,
  limits: Pick<ConnectionLimits, 'heartbeatMs'>,
): number {
  return (heartbeatMs ?? limits.heartbeatMs) + SILENCE_SLACK_MS
}
