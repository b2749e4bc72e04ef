import type { FileScope, Library } from '@throughline/agents'
import { CursorExpired, openEnvelope, type EventLog, type LogPage } from '@throughline/log'
import { formatCursor, parseCursor, StreamError, type Position } from '@throughline/protocol'
import { pause, systemTimers, type Timers } from '@throughline/server'
import type { DatabaseOriginals } from '../database/originals.ts'
import type { ShelfChange } from './document-shelf.ts'

/** The stream that names every document that changed; no session may have such a name. */
const LIBRARY_STREAM = '__library'
/** Changes that stay in the stream: a node further behind compares everything instead. */
const KEEP = 10_000
/** Files compared at once. */
const BATCH = 1_000
/** Everything is compared this often: a node may have died between a change and telling it. */
const SWEEP_MS = 600_000
/** Longer than one large file takes to be written to the index, on a busy machine, too. */
const CAUGHT_UP_WITHIN_MS = 15_000
const FIRST_RETRY_MS = 250
const MAX_RETRY_MS = 5_000

/** What changed: one document, or any of an owner's. What it is now, the database says. */
export type LibraryChange = { readonly id: string } | { readonly owner: string }

export interface LibraryViewOptions {
  readonly files: Pick<Library['files'], 'agree' | 'place'>
  readonly originals: Pick<DatabaseOriginals, 'describe'>
  readonly log: EventLog
  readonly onChange: (change: ShelfChange) => void
  readonly onError: (error: unknown, context: string) => void
  readonly timers?: Timers
}

/** A node's library, kept like the database by following the stream of changes. */
export interface LibraryView {
  /** Goes on where the library stands; a new one, or one that stands nowhere in the stream, is compared as a whole. */
  start(): Promise<void>
  /** Tells every node. Durable when it resolves. */
  tell(changes: readonly LibraryChange[]): Promise<void>
  /** Waits until everything told before is in the library. @throws StreamError 503 when that takes long */
  caughtUp(): Promise<void>
  close(): Promise<void>
}

export function createLibraryView(options: LibraryViewOptions): LibraryView {
  const { files, originals, log, onChange, onError, timers = systemTimers } = options
  const closing = new AbortController()
  const closed = (): boolean => closing.signal.aborted
  const waiting = new Set<() => void>()
  let at: Position | undefined
  let trimmed = 0
  let following: Promise<void> = Promise.resolve()
  let last: Promise<void> = Promise.resolve()
  let stopSweep = (): void => undefined

  // What was read of the database first is written to the library first.
  const inTurn = (work: () => Promise<void>): Promise<void> => {
    const next = last.then(work)
    last = next.catch(() => undefined)
    return next
  }
  const reach = (position: Position): void => {
    at = position
    for (const look of [...waiting]) look()
  }
  const agree = async (scope: FileScope, place?: string): Promise<void> => {
    const described = await originals.describe(scope)
    onChange(await files.agree({ scope, files: described, ...(place !== undefined && { place }) }))
  }

  const compareAll = async (): Promise<void> => {
    let after: string | null = ''
    while (after !== null && !closed()) {
      const described = await originals.describe({ after, through: null }, BATCH)
      const through: string | null = described.length < BATCH ? null : (described.at(-1)?.id ?? null)
      onChange(await files.agree({ scope: { after, through }, files: described }))
      after = through
    }
  }

  const apply = async (page: LogPage): Promise<void> => {
    const end = page.events.at(-1)
    if (end === undefined) return
    const position = { epoch: page.epoch, offset: end.offset }
    const ids = new Set<string>()
    const owners = new Set<string>()
    for (const event of page.events) {
      const { id, owner } = openEnvelope(event, page.epoch).data as { id?: unknown; owner?: unknown }
      if (typeof id === 'string') ids.add(id)
      if (typeof owner === 'string') owners.add(owner)
    }
    for (const owner of owners) await agree({ owner })
    await agree({ ids: [...ids] }, formatCursor(position))
    reach(position)
    if (position.offset - trimmed > 2 * KEEP) {
      trimmed = position.offset - KEEP
      await log.driver.trim(LIBRARY_STREAM, trimmed)
    }
  }

  const create = async (): Promise<void> => {
    await log.driver.sessions.create({
      id: LIBRARY_STREAM,
      userId: 'the server',
      title: '',
      renamed: false,
      archived: false,
      createdAt: 0,
      updatedAt: 0,
      deletedAt: null,
    })
  }
  /** Storage may have been emptied. */
  const withStream = async <T>(work: () => Promise<T>): Promise<T> => {
    try {
      return await work()
    } catch (error) {
      if (!(error instanceof StreamError) || error.code !== 'not_found') throw error
      await create()
      return work()
    }
  }

  const startAnew = async (): Promise<Position> => {
    const head = await withStream(() => log.head(LIBRARY_STREAM))
    await inTurn(compareAll)
    await files.agree({ scope: { ids: [] }, files: [], place: formatCursor(head) })
    return head
  }
  const follow = async (): Promise<void> => {
    let known = parseCursor((await files.place()) ?? '')
    let retryMs = FIRST_RETRY_MS
    while (!closed()) {
      try {
        known ??= await startAnew()
        reach(known)
        for await (const page of log.tail(LIBRARY_STREAM, known, closing.signal)) {
          await inTurn(() => apply(page))
          known = at ?? known
          retryMs = FIRST_RETRY_MS
        }
      } catch (error) {
        if (closed()) return
        const gone = error instanceof StreamError && error.code === 'not_found'
        if (error instanceof CursorExpired || gone) known = undefined
        else {
          if (retryMs === FIRST_RETRY_MS) onError(error, 'following the library')
          await pause(timers, retryMs, closing.signal)
          retryMs = Math.min(MAX_RETRY_MS, retryMs * 2)
        }
      }
    }
  }
  const scheduleSweep = (): void => {
    if (closed()) return
    stopSweep = timers.schedule(() => {
      void inTurn(compareAll)
        .catch((error: unknown) => {
          if (!closed()) onError(error, 'comparing the library')
        })
        .then(scheduleSweep)
    }, SWEEP_MS)
  }

  return {
    async start() {
      await create()
      following = follow().catch((error: unknown) => {
        if (!closed()) onError(error, 'following the library')
      })
      scheduleSweep()
    },
    async tell(changes) {
      const drafts = changes.map((data) => ({ type: 'library_changed', data }))
      await withStream(() => log.append(LIBRARY_STREAM, drafts))
    },
    async caughtUp() {
      const head = await withStream(() => log.head(LIBRARY_STREAM))
      const reached = (): boolean => at?.epoch === head.epoch && at.offset >= head.offset
      if (reached()) return
      await new Promise<void>((resolve, reject) => {
        const end = (): void => {
          cancel()
          waiting.delete(look)
          closing.signal.removeEventListener('abort', fail)
        }
        const look = (): void => {
          if (!reached()) return
          end()
          resolve()
        }
        const fail = (): void => {
          end()
          reject(late())
        }
        const cancel = timers.schedule(fail, CAUGHT_UP_WITHIN_MS)
        waiting.add(look)
        closing.signal.addEventListener('abort', fail)
        if (closed()) fail()
      })
    },
    async close() {
      closing.abort()
      stopSweep()
      await following
      await last
    },
  }
}

function late(): StreamError {
  return new StreamError('server_error', 'The library is being brought up to date. Try again in a moment.', {
    status: 503,
    retryAfterMs: 1_000,
  })
}
