import { REDUCER_VERSION, parseSnapshot, serializeSnapshot } from '@throughline/protocol'
import type { LeftCommand, LocalStore, OpenLocalStore } from '../local/local-store.ts'

/** A browser's database in memory: it outlives the clients of a test, as the real one does pages. */
export class MemoryDatabase {
  readonly sessions = new Map<string, { readonly userId: string; readonly text: string }>()
  readonly commands = new Map<string, LeftCommand & { readonly userId: string }>()
  /** Commands that were taken back, and by whom. */
  readonly discarded = new Map<string, { readonly userId: string }>()

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
        const { id } = stored.entry
        const sent = this.commands.get(id)?.sent ?? false
        if (!this.discarded.has(id)) this.commands.set(id, { userId, sent, ...stored })
      },
      deleteCommand: async (id) => {
        this.commands.delete(id)
      },
      beginCommand: async (stored) => {
        const { id } = stored.entry
        if (this.discarded.has(id)) return false
        this.commands.set(id, { userId, ...stored, sent: true })
        return true
      },
      discardCommand: async (id) => {
        const found = this.commands.get(id)
        this.commands.delete(id)
        this.discarded.set(id, { userId })
        return found?.sent === false
      },
      wipe: async () => {
        this.#keepOnly((other) => other !== userId)
      },
      close: () => undefined,
    }
  }

  #keepOnly(isToStay: (userId: string) => boolean): void {
    for (const rows of [this.sessions, this.commands, this.discarded]) {
      for (const [key, { userId }] of rows) if (!isToStay(userId)) rows.delete(key)
    }
  }
}
