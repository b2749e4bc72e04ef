import type { ConversationState } from '@throughline/protocol'
import type { Environment, Timer } from '../environment.ts'
import type { OutboxEntry } from '../outbox/command.ts'
import type { LocalStore, StoredCommand } from './local-store.ts'

/** A state that keeps changing is saved this often. */
const SAVE_MS = 2_000

/** Keeps what one user's sessions would want to find again after a reload. */
export interface Keeper {
  /** The state kept from before. */
  load(sessionId: string): Promise<ConversationState | undefined>
  /** This state is shown now; it is saved soon. */
  note(state: ConversationState): void
  /** These commands of a session wait now, or were refused. */
  noteOutbox(sessionId: string, entries: readonly OutboxEntry[]): void
  loadOutbox(): Promise<readonly StoredCommand[]>
  /** The session is gone. */
  forget(sessionId: string): void
  /** Saves what was noted, now: the page is being left. */
  flush(): void
  wipe(): Promise<void>
  close(): void
}

export function createKeeper(store: LocalStore, environment: Environment): Keeper {
  const unsaved = new Map<string, ConversationState>()
  const outboxes = new Map<string, ReadonlyMap<string, OutboxEntry>>()
  let timer: Timer

  const flush = (): void => {
    environment.clearTimer(timer)
    timer = undefined
    for (const state of unsaved.values()) void store.saveSession(state)
    unsaved.clear()
  }

  return {
    load: (sessionId) => store.loadSession(sessionId),
    note(state) {
      if (state.position === null) return
      unsaved.set(state.sessionId, state)
      timer ??= environment.setTimer(flush, SAVE_MS)
    },
    noteOutbox(sessionId, entries) {
      const before = outboxes.get(sessionId) ?? new Map<string, OutboxEntry>()
      const after = new Map(entries.map((entry) => [entry.id, entry]))
      outboxes.set(sessionId, after)
      for (const [id, entry] of after)
        if (before.get(id)?.state !== entry.state) void store.saveCommand({ sessionId, entry })
      for (const id of before.keys()) if (!after.has(id)) void store.deleteCommand(id)
    },
    loadOutbox: () => store.loadOutbox(),
    forget(sessionId) {
      unsaved.delete(sessionId)
      void store.deleteSession(sessionId)
    },
    flush,
    async wipe() {
      environment.clearTimer(timer)
      timer = undefined
      unsaved.clear()
      outboxes.clear()
      await store.wipe()
    },
    close() {
      flush()
      store.close()
    },
  }
}
