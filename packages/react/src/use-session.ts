import { useSessionStore } from './stores/session-store.ts'

/** The session that the person is in, and how to change it. */
export interface CurrentSession {
  readonly currentSessionId: string | null
  readonly setCurrentSession: (sessionId: string | null) => void
}

/** The session that the person is in. */
export function useSession(): CurrentSession {
  const currentSessionId = useSessionStore((state) => state.currentSessionId)
  const setCurrentSession = useSessionStore((state) => state.setCurrentSession)
  return { currentSessionId, setCurrentSession }
}
