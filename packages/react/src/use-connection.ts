import type { ConnectionView } from '@throughline/client'
import { useStreamClient } from './provider.tsx'
import { useSelected } from './use-selected.ts'

/** How the connection stands, and the one thing a person can do about it. */
export interface ConnectionInfo extends ConnectionView {
  /** Ends any waiting and tries at once. */
  readonly retryNow: () => void
}

/** How the connection stands, as this session sees it, or without an id as the client does. Watching keeps nothing open. */
export function useConnection(sessionId?: string): ConnectionInfo {
  const client = useStreamClient()
  const source = sessionId === undefined ? client.connection : client.session(sessionId).connection
  const view = useSelected({ source, enabled: true, select: itself })
  return { ...view, retryNow: source.retryNow }
}

function itself(view: ConnectionView): ConnectionView {
  return view
}
