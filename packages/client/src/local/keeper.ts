import type { ConversationState } from '@throughline/protocol'
import type { Environment, Timer } from '../environment.ts'
import type { OutboxEntry } from '../outbox/command.ts'
import type { LeftCommand, LocalStore } from './local-store.ts'

/** A state that keeps changing is saved this often. */
const SAVE_MS = 2_000
/** A store that has not answered by then is taken for none, ms. */
const ANSWER_MS = 1_000

/** Keeps what one user's sessions would want to find again after a reload. */
export interface Keeper {
  /** The state kept from before. */
  load(sessionId: string): Promise<ConversationState | undefined>
  /** This state is shown now; it is saved soon. */
  note(state: ConversationState): void
  /** These commands of a session wait now, or were refused. */
  noteOutbox(sessionId: string, entries: readonly OutboxEntry[]): void
  loadOutbox(): Promise<readonly LeftCommand[]>
  /** A command is about to be sent, and is saved as such. `false`: another tab took it back, it must not be. */
  begin(sessionId: string, entry: OutboxEntry): Promise<boolean>
  /** Takes a command back in all tabs. `true`: none of them has begun it, and none will. */
  retract(id: string): Promise<boolean>
  /** The session is gone. */
  forget(sessionId: string): void
  /** Saves what was noted, now: the page is being left. */
  flush(): void
  wipe(): Promise<void>
  close(): void
}

export function createKeeper(store: LocalStore, environment: Environment): Keeper {
  const unsaved = new Map<string, ConversationState>()
  const outboxes = new Map<string, Map<string, OutboxEntry>>()
  let timer: Timer

  const flush = (): void => {
    environment.clearTimer(timer)
    timer = undefined
    for (const state of unsaved.values()) void store.saveSession(state)
    unsaved.clear()
  }

  const notedOf = (sessionId: string): Map<string, OutboxEntry> => {
    const noted = outboxes.get(sessionId) ?? new Map<string, OutboxEntry>()
    outboxes.set(sessionId, noted)
    return noted
  }

  /** What the store answers, or `otherwise` when it takes too long. */
  const inTime = <T>(answer: Promise<T>, otherwise: T): Promise<T> =>
    new Promise((resolve) => {
      const late = environment.setTimer(() => {
        resolve(otherwise)
      }, ANSWER_MS)
      void answer.then((value) => {
        environment.clearTimer(late)
        resolve(value)
      })
    })

  return {
    load: (sessionId) => store.loadSession(sessionId),
    note(state) {
      if (state.position === null) return
      unsaved.set(state.sessionId, state)
      timer ??= environment.setTimer(flush, SAVE_MS)
    },
    noteOutbox(sessionId, entries) {
      const before = notedOf(sessionId)
      const after = new Map(entries.map((entry) => [entry.id, entry]))
      outboxes.set(sessionId, after)
      for (const [id, entry] of after)
        if (before.get(id)?.state !== entry.state) void store.saveCommand({ sessionId, entry })
      for (const id of before.keys()) if (!after.has(id)) void store.deleteCommand(id)
    },
    loadOutbox: () => store.loadOutbox(),
    begin(sessionId, entry) {
      notedOf(sessionId).set(entry.id, entry)
      return inTime(store.beginCommand({ sessionId, entry }), true)
    },
    retract(id) {
      // No other tab can know of one that was never saved.
      const isNoted = [...outboxes.values()].some((noted) => noted.has(id))
      return isNoted ? inTime(store.discardCommand(id), false) : Promise.resolve(true)
    },
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
