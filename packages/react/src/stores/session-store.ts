import { create } from 'zustand'

/** The specification's session state and actions. */
export interface SessionStore {
  readonly currentSessionId: string | null
  /** When each session last did something, ms since 1970. */
  readonly lastActivity: Readonly<Record<string, number>>
  readonly setCurrentSession: (sessionId: string | null) => void
  /** @param at default: now */
  readonly updateLastActivity: (sessionId: string, at?: number) => void
}

/** The specification's session store: which session the person is in. */
export const useSessionStore = create<SessionStore>((set) => ({
  currentSessionId: null,
  lastActivity: {},
  setCurrentSession: (currentSessionId) => {
    set({ currentSessionId })
  },
  updateLastActivity: (sessionId, at = Date.now()) => {
    set(({ lastActivity }) => ({ lastActivity: { ...lastActivity, [sessionId]: at } }))
  },
}))
