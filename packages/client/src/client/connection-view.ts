import type { StreamErrorCode } from '@throughline/protocol'
import type { Connection, ConnectionOptions } from '../connection/connection.ts'
import type { ConnectionRole, ConnectionState, ConnectionView } from '../connection/state.ts'
import type { Readable } from '../session/session.ts'

/** What is shown of a connection's state. */
function viewOf(state: ConnectionState, transport: string, role: ConnectionRole): ConnectionView {
  const { phase, attempt, retryAt, error, since } = state
  // To carry nothing, or to let another tab carry it, is no pause that anybody asked for.
  const reasons = state.reasons.filter((reason) => reason !== 'empty' && reason !== 'tabs')
  let { status } = state
  if (status === 'idle' && reasons.length > 0) status = 'paused'
  else if (status === 'paused' && reasons.length === 0) {
    status = state.reasons.includes('tabs') ? 'connecting' : 'idle'
  }
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

/** Whether two views show the same. Errors from other tabs are copies. */
function sameView(a: ConnectionView, b: ConnectionView): boolean {
  const keys = ['status', 'phase', 'attempt', 'retryAt', 'code', 'since', 'transport', 'role'] as const
  const isSameError = a.error?.message === b.error?.message
  return isSameError && keys.every((key) => a[key] === b[key]) && a.reasons.join() === b.reasons.join()
}

export interface ConnectionViewOptions {
  readonly connection: Connection
  readonly transports: ConnectionOptions['transports']
  readonly role: () => ConnectionRole
  /** The connection of the tab that leads, when this one follows. */
  readonly remote: () => ConnectionView | undefined
}

export interface ClientConnectionView extends Readable<ConnectionView> {
  /** How this tab's own connection stands. */
  own(): ConnectionView
  /** To be called when `role` or `remote` changed. */
  refresh(): void
}

/** What a client shows of its connection; another object only when it shows something else. */
export function createConnectionView(options: ConnectionViewOptions): ClientConnectionView {
  const { connection, transports, role, remote } = options
  const listeners = new Set<() => void>()
  const own = (): ConnectionView => {
    const state = connection.getState()
    return viewOf(state, (transports[state.lane] ?? transports.stream).name, role())
  }
  const initial = own()
  let view = initial
  const refresh = (): void => {
    const next = remote() ?? own()
    if (sameView(view, next)) return
    view = next
    for (const listener of [...listeners]) listener()
  }
  connection.subscribe(refresh)
  return {
    own,
    refresh,
    getSnapshot: () => view,
    getInitialSnapshot: () => initial,
    subscribe(listener) {
      const entry = (): void => {
        listener()
      }
      listeners.add(entry)
      return () => void listeners.delete(entry)
    },
  }
}
