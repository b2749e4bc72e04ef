import { REDUCER_VERSION, serializeSnapshot, windowConversation } from '@throughline/protocol'
import { loadReader } from '../reading/load-reader.ts'
import { awaitRequest, awaitTransaction, openDatabase } from './database.ts'
import type { LeftCommand, LocalStore, OpenLocalStore, StoredCommand } from './local-store.ts'

/** Sessions whose state is kept; the longest unsaved go first. */
const MAX_SESSIONS = 50

/** That a command was taken back is remembered so long: no tab sleeps longer and then sends it. */
const DISCARDED_MS = 7 * 86_400_000

/** Raised with what the rows look like: older ones are dropped. */
const SCHEMA_VERSION = 3

const SESSIONS = 'sessions'
const OUTBOX = 'outbox'

interface SessionRow {
  readonly userId: string
  readonly sessionId: string
  readonly reducerVersion: number
  readonly state: string
  readonly savedAt: number
}

interface OutboxRow {
  readonly userId: string
  readonly id: string
  readonly savedAt: number
  /** `null`: it was taken back. */
  readonly command: LeftCommand | null
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
  let isMissing = false
  opened.catch(() => {
    isMissing = true
  })

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
  /** Looks at a command and changes it in one step, before any other tab can. */
  const changeCommand = (
    id: string,
    change: (found: OutboxRow | undefined, store: IDBObjectStore) => void,
  ): Promise<OutboxRow | undefined> =>
    attempt(async (database) => {
      const transaction = database.transaction(OUTBOX, 'readwrite')
      const store = transaction.objectStore(OUTBOX)
      const found = (await awaitRequest<unknown>(store.get([userId, id]))) as OutboxRow | undefined
      change(found, store)
      await awaitTransaction(transaction)
      return found
    })
  const commandRow = (id: string, command: LeftCommand | null): OutboxRow => ({
    userId,
    id,
    savedAt: Date.now(),
    command,
  })
  const isDiscarded = (row: OutboxRow | undefined): boolean => row?.command === null
  /** An error has methods, which a database cannot hold; why it was refused is asked again by sending again. */
  const withoutError = ({ sessionId, entry }: StoredCommand): StoredCommand => ({
    sessionId,
    entry: { ...entry, error: null },
  })
  const readAll = async <Row>(name: string): Promise<readonly Row[]> => {
    const rows = await attempt((database) =>
      awaitRequest(database.transaction(name).objectStore(name).getAll(rowsOf(userId))),
    )
    return (rows ?? []) as readonly Row[]
  }

  return {
    async loadSession(sessionId) {
      return await attempt(async (database) => {
        const loading = loadReader()
        const request = database.transaction(SESSIONS).objectStore(SESSIONS).get([userId, sessionId])
        const row = (await awaitRequest<unknown>(request)) as SessionRow | undefined
        const { parseSnapshot } = await loading
        return row && parseSnapshot(row.reducerVersion, row.state)
      })
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
      // Rows are long: they are read only when some of them must go.
      const kept = await attempt((database) =>
        awaitRequest(database.transaction(SESSIONS).objectStore(SESSIONS).count(rowsOf(userId))),
      )
      if (kept === undefined || kept <= MAX_SESSIONS) return
      const rows = await readAll<SessionRow>(SESSIONS)
      const oldest = [...rows]
        .sort((a, b) => a.savedAt - b.savedAt)
        .slice(0, Math.max(0, rows.length - MAX_SESSIONS))
      await write(SESSIONS, (store) => {
        for (const { sessionId } of oldest) store.delete([userId, sessionId])
      })
    },
    deleteSession: (sessionId) => write(SESSIONS, (store) => store.delete([userId, sessionId])),
    async loadOutbox() {
      const rows = await readAll<OutboxRow>(OUTBOX)
      const old = rows.filter((row) => isDiscarded(row) && Date.now() - row.savedAt > DISCARDED_MS)
      if (old.length > 0) {
        await write(OUTBOX, (store) => {
          for (const { id } of old) store.delete([userId, id])
        })
      }
      return rows
        .flatMap(({ command }) => command ?? [])
        .sort((a, b) => a.entry.createdAt - b.entry.createdAt)
    },
    async saveCommand(stored) {
      const { id } = stored.entry
      await changeCommand(id, (found, store) => {
        const sent = found?.command?.sent ?? false
        if (!isDiscarded(found)) store.put(commandRow(id, { ...withoutError(stored), sent }))
      })
    },
    async deleteCommand(id) {
      await changeCommand(id, (found, store) => {
        if (!isDiscarded(found)) store.delete([userId, id])
      })
    },
    async beginCommand(stored) {
      const { id } = stored.entry
      const found = await changeCommand(id, (before, store) => {
        if (!isDiscarded(before)) store.put(commandRow(id, { ...withoutError(stored), sent: true }))
      })
      return !isDiscarded(found)
    },
    async discardCommand(id) {
      const found = await changeCommand(id, (_, store) => store.put(commandRow(id, null)))
      return isMissing || found?.command?.sent === false
    },
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

function rowsOf(userId: string): IDBKeyRange {
  return IDBKeyRange.bound([userId], [userId, []])
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
