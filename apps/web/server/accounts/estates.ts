import { systemTimers, type Auth, type Timers } from '@throughline/server'
import type { Database } from '../database/database.ts'
import type { Possession } from './possession.ts'

export interface EstatesOptions {
  readonly database: Pick<Database, 'query'>
  readonly auth: Pick<Auth, 'endLogin'>
  /** Everything that users own, in the order in which it is moved or removed. */
  readonly possessions: readonly Possession[]
  readonly now?: () => number
  readonly timers?: Timers
  /** What could not be settled is tried again after this long. Default 600,000. */
  readonly retryMs?: number
  readonly onError: (error: unknown, context: string) => void
}

/** What becomes of what users owned who are no longer: all of it, however often the server is killed meanwhile. */
export interface Estates {
  /** Settles what a former process could not. */
  start(): Promise<void>
  /**
   * Ends a user: account, logins, and what it owned, which goes to `heir` or, with `null`, away. Done when it resolves;
   * when it rejects, it is done later unless the database itself took nothing.
   */
  settle(userId: string, heir: string | null): Promise<void>
  close(): Promise<void>
}

/** Intents are written down first, then carried out in their order. */
export function createEstates(options: EstatesOptions): Estates {
  const { database, auth, possessions, onError } = options
  const { now = Date.now, timers = systemTimers, retryMs = 600_000 } = options
  const { query } = database
  let cancel: (() => void) | undefined
  let last: Promise<void> = Promise.resolve()
  let closed = false

  const carryOut = async (userId: string, heir: string | null): Promise<void> => {
    // First of all: nobody adds to what is being moved.
    await auth.endLogin({ userId })
    for (const { give, remove } of possessions) {
      if (heir === null) await remove(userId)
      else await give(userId, heir)
    }
    await query.deleteFrom('estates').where('userId', '=', userId).execute()
  }

  // In order, and none before the one before it: an heir may be gone by now, too.
  const sweep = async (): Promise<void> => {
    const estates = await query.selectFrom('estates').selectAll().orderBy('createdAt').execute()
    for (const { userId, heir } of estates) await carryOut(userId, heir)
  }

  const settleAll = (): Promise<void> => {
    const next = last.then(sweep)
    last = next.catch(() => undefined)
    return next
  }

  const schedule = (): void => {
    if (closed) return
    cancel = timers.schedule(() => {
      void settleAll()
        .catch((error: unknown) => {
          onError(error, 'settling what ended users owned')
        })
        .then(schedule)
    }, retryMs)
  }

  return {
    async start() {
      await settleAll().catch((error: unknown) => {
        onError(error, 'settling what ended users owned')
      })
      schedule()
    },
    async settle(userId, heir) {
      await query.transaction().execute(async (all) => {
        const estate = { userId, heir, createdAt: now() }
        // A second intent for the same user finds the first, which stands.
        await all
          .insertInto('estates')
          .values(estate)
          .onConflict((conflict) => conflict.column('userId').doNothing())
          .execute()
        await all.deleteFrom('accounts').where('id', '=', userId).execute()
      })
      await settleAll()
    },
    async close() {
      closed = true
      cancel?.()
      await last
    },
  }
}
