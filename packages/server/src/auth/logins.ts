import { formatCursor, StreamError } from '@throughline/protocol'
import { openEnvelope, type EventLog, type LogPage } from '@throughline/log'
import { systemTimers, type Timers } from '../hub/timers.ts'
import { lastingTail } from '../lasting-tail.ts'
import { createRevocations, type Revocations } from './revocations.ts'
import { fieldsOf } from '../fields.ts'

/** The stream that ends of logins and uses of refresh tokens are written to; no session may have such a name. */
const LOGINS_STREAM = '__logins'

/** A refresh token that comes twice within this time was sent by two tabs, or its first answer was lost. */
const RACE_MS = 30_000

export interface LoginsOptions {
  readonly log: EventLog
  readonly now?: () => number
  readonly timers?: Timers
  /** How long a login can be idle: the life of a refresh token. */
  readonly keepMs: number
  readonly onError?: (error: unknown, context: string) => void
}

/** Which logins are over, on every node and after a restart. */
export interface Logins {
  readonly revocations: Revocations
  /** Reads what ended before, then follows what ends elsewhere until `close`. */
  start(): Promise<void>
  /**
   * Uses up one generation of a login's refresh token, once in all of the cluster. `repeated`: used a moment ago,
   * the holder gets the same successor. `reused`: somebody has a copy.
   */
  use(login: { userId: string; sid: string }, generation: number): Promise<'used' | 'repeated' | 'reused'>
  /** Ends one login, or all of a user, or all but one. Durable when it resolves; every node is told at once. */
  end(login: EndOfLogin): Promise<void>
  /** Forgets what is older than any token. */
  sweep(): Promise<void>
  close(): Promise<void>
}

/** Which logins end. */
export interface EndOfLogin {
  readonly userId: string
  /** This one. Default: all of the user. */
  readonly sid?: string
  /** All but this one. */
  readonly except?: string
}

interface Entry extends EndOfLogin {
  readonly generation?: number
}

/** Logins kept in a stream of the log itself: whatever storage the streams have, the logins have too. */
export function createLogins(options: LoginsOptions): Logins {
  const { log, now = Date.now, timers = systemTimers, keepMs, onError = () => undefined } = options
  const revocations = createRevocations({ now, keepMs })
  const closing = new AbortController()
  let following: Promise<void> = Promise.resolve()

  const fold = (page: LogPage): void => {
    for (const event of page.events) {
      if (event.type !== 'login_ended') continue
      const { data, timestamp } = openEnvelope(event, page.epoch)
      revocations.add({ ...readEntry(data), at: timestamp })
    }
  }

  const replay = async (): Promise<LogPage['head']> => {
    let page = await log.read(LOGINS_STREAM, 'start')
    fold(page)
    for (let last = page.events.at(-1); last !== undefined && last.offset < page.head.offset;) {
      page = await log.read(LOGINS_STREAM, { epoch: page.epoch, offset: last.offset })
      fold(page)
      last = page.events.at(-1)
    }
    return page.head
  }

  const follow = async (from: LogPage['head'] | 'start'): Promise<void> => {
    try {
      await lastingTail({
        log,
        stream: LOGINS_STREAM,
        from,
        signal: closing.signal,
        timers,
        onPage: fold,
        // Folding what is known already changes nothing.
        onReset: () => 'start',
        onError: (error) => {
          onError(error, 'following the ends of logins')
        },
      })
    } catch (error) {
      // Storage was emptied: logins that begin now need the stream again.
      if (!(error instanceof StreamError) || error.code !== 'not_found') throw error
      await create()
      await follow('start')
    }
  }

  const stopHints = log.onHint((hint) => {
    // Ahead of the log, so that a login ends at once everywhere.
    if (hint.kind === 'revoked') revocations.add({ ...hint, at: now() })
  })

  const create = async (): Promise<void> => {
    const at = now()
    await log.driver.sessions.create({
      id: LOGINS_STREAM,
      userId: 'the server',
      title: '',
      renamed: false,
      archived: false,
      createdAt: at,
      updatedAt: at,
      deletedAt: null,
    })
  }

  return {
    revocations,
    async start() {
      await create()
      const head = await replay()
      following = follow(head).catch((error: unknown) => {
        if (!closing.signal.aborted) onError(error, 'following the ends of logins')
      })
    },
    async use({ userId, sid }, generation) {
      const drafts = [{ type: 'login_refreshed', data: { userId, sid, generation } satisfies Entry }]
      const producer = { producerId: sid, producerSeq: generation }
      const appended = await log.append(LOGINS_STREAM, drafts, { producer }).catch(gapIsReuse)
      if (appended === 'reused') return 'reused'
      if (!appended.repeated) return 'used'
      const first = await readBefore(log, appended.head)
      const same = first !== undefined && first.entry.generation === generation
      return same && now() - first.at <= RACE_MS ? 'repeated' : 'reused'
    },
    async end({ userId, sid, except }) {
      const entry: Entry = {
        userId,
        ...(sid !== undefined && { sid }),
        ...(except !== undefined && { except }),
      }
      revocations.add({ ...entry, at: now() })
      log.publish({ kind: 'revoked', ...entry })
      await log.append(LOGINS_STREAM, [{ type: 'login_ended', data: entry }])
    },
    async sweep() {
      const oldest = now() - keepMs
      const page = await log.read(LOGINS_STREAM, 'start', { maxEvents: 1_000 })
      const past = page.events.filter((event) => openEnvelope(event, page.epoch).timestamp < oldest).at(-1)
      if (past !== undefined && past.offset + 1 < page.head.offset) {
        await log.driver.trim(LOGINS_STREAM, past.offset + 1)
      }
    },
    async close() {
      closing.abort()
      stopHints()
      await following
    },
  }
}

/** A generation beyond the next one: the log was set back, or the token is not one of ours. */
function gapIsReuse(error: unknown): 'reused' {
  if (error instanceof StreamError && error.code === 'conflict') return 'reused'
  throw error
}

async function readBefore(
  log: EventLog,
  head: LogPage['head'],
): Promise<{ entry: Entry; at: number } | undefined> {
  const page = await log.read(LOGINS_STREAM, { ...head, offset: head.offset - 1 }, { maxEvents: 1 })
  const event = page.events[0]
  if (event === undefined) return undefined
  const { data, timestamp, id } = openEnvelope(event, page.epoch)
  return id === formatCursor(head) ? { entry: readEntry(data), at: timestamp } : undefined
}

/** Only this file writes the stream; the shape is looked at all the same, for an older writer. */
function readEntry(data: unknown): Entry {
  const { userId, sid, except, generation } = fieldsOf(data)
  return {
    userId: String(userId),
    ...(typeof sid === 'string' && { sid }),
    ...(typeof except === 'string' && { except }),
    ...(typeof generation === 'number' && { generation }),
  }
}
