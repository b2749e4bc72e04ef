import type { Connection, ConnectionOptions } from '../connection/connection.ts'
import type { StreamErrorCode } from '@throughline/protocol'
import type { ConnectionRole, ConnectionState, ConnectionView } from '../connection/state.ts'
import type { Readable } from '../session/session.ts'

/** What is shown of a connection's state. */
function viewOf(state: ConnectionState, transport: string, role: ConnectionRole): ConnectionView {
  const { phase, attempt, retryAt, error, since } = state
  // To carry nothing is no pause that anybody asked for.
  const reasons = state.reasons.filter((reason) => reason !== 'empty')
  const isIdle = state.status === 'paused' && reasons.length === 0
  const status = isIdle ? 'idle' : state.status
  return {
    status,
    phase,
    attempt,
    retryAt,
    error,
    code: error?.code ?? null,
    reasons,
    since,
    transport,
    role,
  }
}

/** The same for a session that the hub closed. */
export function closedView(view: ConnectionView, code: StreamErrorCode): ConnectionView {
  return { ...view, status: 'failed', phase: null, retryAt: null, code }
}

/** Whether two views show the same. */
function sameView(a: ConnectionView, b: ConnectionView): boolean {
  const keys = [
    'status',
    'phase',
    'attempt',
    'retryAt',
    'error',
    'code',
    'since',
    'transport',
    'role',
  ] as const
  return keys.every((key) => a[key] === b[key]) && a.reasons.join() === b.reasons.join()
}

/** What a client shows of its connection; another object only when it shows something else. */
export function createConnectionView(
  connection: Connection,
  transports: ConnectionOptions['transports'],
): Readable<ConnectionView> {
  const read = (): ConnectionView => {
    const state = connection.getState()
    return viewOf(state, (transports[state.lane] ?? transports.stream).name, 'solo')
  }
  const initial = read()
  let view = initial
  return {
    getSnapshot() {
      const next = read()
      return sameView(view, next) ? view : (view = next)
    },
    getInitialSnapshot: () => initial,
    subscribe: connection.subscribe,
  }
}
