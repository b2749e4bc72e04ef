import { REDUCER_VERSION, parseSnapshot, serializeSnapshot, windowConversation } from '@throughline/protocol'
import { awaitRequest, awaitTransaction, openDatabase } from './database.ts'
import type { LocalStore, OpenLocalStore, StoredCommand } from './local-store.ts'

/** Sessions whose state is kept; the longest unsaved go first. */
const MAX_SESSIONS = 50

/** Raised with what the rows look like: older ones are dropped. */
const SCHEMA_VERSION = 2

const SESSIONS = 'sessions'
const OUTBOX = 'outbox'

interface SessionRow {
  readonly userId: string
  readonly sessionId: string
  readonly reducerVersion: number
  readonly state: string
  readonly savedAt: number
}

interface OutboxRow extends StoredCommand {
  readonly userId: string
  readonly id: string
  readonly savedAt: number
}

/** The store in IndexedDB. @param name of the database; one for each hub */
export function createIndexedDbStore(name: string): OpenLocalStore {
  return (userId) => {
    const opened = openDatabase(name, SCHEMA_VERSION, (database) => {
      database.createObjectStore(SESSIONS, { keyPath: ['userId', 'sessionId'] })
      database.createObjectStore(OUTBOX, { keyPath: ['userId', 'id'] })
    })
    // Whoever used this browser before has no business here any longer.
    void opened
      .then((database) => deleteRows(database, (row) => row.userId !== userId))
      .catch(() => undefined)
    return openStore(opened, userId)
  }
}

function openStore(opened: Promise<IDBDatabase>, userId: string): LocalStore {
  /** Runs `use`, and forgives whatever goes wrong: no quota, no database, a private window. */
  const attempt = async <T>(use: (database: IDBDatabase) => Promise<T>): Promise<T | undefined> => {
    try {
      return await use(await opened)
    } catch {
      return undefined
    }
  }
  const write = async (name: string, change: (store: IDBObjectStore) => void): Promise<void> => {
    await attempt(async (database) => {
      const transaction = database.transaction(name, 'readwrite')
      change(transaction.objectStore(name))
      await awaitTransaction(transaction)
    })
  }
  const readAll = async <Row>(name: string): Promise<readonly Row[]> => {
    const rows = await attempt((database) =>
      awaitRequest(
        database
          .transaction(name)
          .objectStore(name)
          .getAll(IDBKeyRange.bound([userId], [userId, []])),
      ),
    )
    return (rows ?? []) as readonly Row[]
  }

  return {
    async loadSession(sessionId) {
      const row = await attempt((database) =>
        awaitRequest<unknown>(database.transaction(SESSIONS).objectStore(SESSIONS).get([userId, sessionId])),
      )
      if (row === undefined) return undefined
      const { reducerVersion, state } = row as SessionRow
      return parseSnapshot(reducerVersion, state)
    },
    async saveSession(state) {
      const row: SessionRow = {
        userId,
        sessionId: state.sessionId,
        reducerVersion: REDUCER_VERSION,
        state: serializeSnapshot(windowConversation(state)),
        savedAt: Date.now(),
      }
      await write(SESSIONS, (store) => store.put(row))
      const rows = await readAll<SessionRow>(SESSIONS)
      const oldest = [...rows]
        .sort((a, b) => a.savedAt - b.savedAt)
        .slice(0, Math.max(0, rows.length - MAX_SESSIONS))
      if (oldest.length === 0) return
      await write(SESSIONS, (store) => {
        for (const { sessionId } of oldest) store.delete([userId, sessionId])
      })
    },
    deleteSession: (sessionId) => write(SESSIONS, (store) => store.delete([userId, sessionId])),
    async loadOutbox() {
      const rows = await readAll<OutboxRow>(OUTBOX)
      return [...rows].sort((a, b) => a.entry.createdAt - b.entry.createdAt)
    },
    saveCommand: ({ sessionId, entry }) => {
      // An error has methods, which a database cannot hold; why it was refused is asked again by sending again.
      const row: OutboxRow = {
        userId,
        id: entry.id,
        sessionId,
        entry: { ...entry, error: null },
        savedAt: Date.now(),
      }
      return write(OUTBOX, (store) => store.put(row))
    },
    deleteCommand: (id) => write(OUTBOX, (store) => store.delete([userId, id])),
    async wipe() {
      await attempt((database) => deleteRows(database, (row) => row.userId === userId))
    },
    close() {
      void opened.then(
        (database) => {
          database.close()
        },
        () => undefined,
      )
    },
  }
}

async function deleteRows(
  database: IDBDatabase,
  isToGo: (row: { readonly userId: string }) => boolean,
): Promise<void> {
  const transaction = database.transaction([SESSIONS, OUTBOX], 'readwrite')
  for (const name of [SESSIONS, OUTBOX]) {
    const store = transaction.objectStore(name)
    const keys = (await awaitRequest(store.getAllKeys())) as [string, string][]
    for (const key of keys) if (isToGo({ userId: key[0] })) store.delete(key)
  }
  await awaitTransaction(transaction)
}
