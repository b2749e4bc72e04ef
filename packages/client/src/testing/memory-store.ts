import { REDUCER_VERSION, parseSnapshot, serializeSnapshot } from '@throughline/protocol'
import type { LocalStore, OpenLocalStore, StoredCommand } from '../local/local-store.ts'

/** A browser's database in memory: it outlives the clients of a test, as the real one does pages. */
export class MemoryDatabase {
  readonly sessions = new Map<string, { readonly userId: string; readonly text: string }>()
  readonly commands = new Map<string, StoredCommand & { readonly userId: string }>()

  readonly open: OpenLocalStore = (userId): LocalStore => {
    this.#keepOnly((other) => other === userId)
    const key = (sessionId: string): string => `${userId} ${sessionId}`
    return {
      loadSession: async (sessionId) => {
        const row = this.sessions.get(key(sessionId))
        return row === undefined ? undefined : parseSnapshot(REDUCER_VERSION, row.text)
      },
      saveSession: async (state) => {
        this.sessions.set(key(state.sessionId), { userId, text: serializeSnapshot(state) })
      },
      deleteSession: async (sessionId) => {
        this.sessions.delete(key(sessionId))
      },
      loadOutbox: async () => [...this.commands.values()],
      saveCommand: async (stored) => {
        this.commands.set(stored.entry.id, { userId, ...stored })
      },
      deleteCommand: async (id) => {
        this.commands.delete(id)
      },
      wipe: async () => {
        this.#keepOnly((other) => other !== userId)
      },
      close: () => undefined,
    }
  }

  #keepOnly(isToStay: (userId: string) => boolean): void {
    for (const rows of [this.sessions, this.commands]) {
      for (const [key, { userId }] of rows) if (!isToStay(userId)) rows.delete(key)
    }
  }
}
