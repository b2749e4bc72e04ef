import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'
import { StreamError } from '@throughline/protocol'
import type { Auth } from '@throughline/server'
import type { Possession } from '../accounts/possession.ts'
import type { Database } from '../database/database.ts'

/** A link as its owner sees it. */
export interface Share {
  readonly id: string
  readonly sessionId: string
  /** ms since 1970. */
  readonly createdAt: number
  /** ms since 1970; `null`: until it is revoked. */
  readonly expiresAt: number | null
}

/** Read-only links to sessions. */
export interface Shares {
  /** A new link with its secret, which is told this once. @throws StreamError 409 when there are too many */
  create(share: {
    userId: string
    sessionId: string
    lifeMs: number | null
  }): Promise<Share & { secret: string }>
  /** Those of a session that are still good, newest first. */
  list(userId: string, sessionId: string): Promise<readonly Share[]>
  /** Whether there was one to revoke; its readers are shown out at once. */
  revoke(userId: string, sessionId: string, id: string): Promise<boolean>
  /** The link that the secret opens. */
  open(id: string, secret: string): Promise<Share | undefined>
  /** Links as something that users own. */
  readonly owned: Possession
}

export interface SharesOptions {
  readonly database: Pick<Database, 'query'>
  readonly auth: Pick<Auth, 'endReading'>
  readonly now?: () => number
}

/** Links of one session at a time. */
const MAX_SHARES = 20
/** Bytes of a secret: nobody guesses it, so a plain hash keeps it. */
const SECRET_BYTES = 32

export function createShares({ database, auth, now = Date.now }: SharesOptions): Shares {
  const { query } = database
  const columns = ['id', 'sessionId', 'createdAt', 'expiresAt'] as const

  const list: Shares['list'] = (userId, sessionId) =>
    query
      .selectFrom('shares')
      .select(columns)
      .where('userId', '=', userId)
      .where('sessionId', '=', sessionId)
      .where((is) => is.or([is('expiresAt', 'is', null), is('expiresAt', '>', now())]))
      .orderBy('createdAt', 'desc')
      .execute()

  /** Expired ones are of no use to anybody. */
  const tidy = async (userId: string): Promise<void> => {
    await query.deleteFrom('shares').where('userId', '=', userId).where('expiresAt', '<=', now()).execute()
  }

  return {
    list,
    async create({ userId, sessionId, lifeMs }) {
      await tidy(userId)
      if ((await list(userId, sessionId)).length >= MAX_SHARES) throw tooMany()
      const secret = randomBytes(SECRET_BYTES).toString('base64url')
      const createdAt = now()
      const expiresAt = lifeMs === null ? null : createdAt + lifeMs
      const share: Share = { id: randomBytes(12).toString('base64url'), sessionId, createdAt, expiresAt }
      await query
        .insertInto('shares')
        .values({ ...share, userId, secretHash: hash(secret).toString('hex') })
        .execute()
      return { ...share, secret }
    },
    async revoke(userId, sessionId, id) {
      const { numDeletedRows } = await query
        .deleteFrom('shares')
        .where('id', '=', id)
        .where('userId', '=', userId)
        .where('sessionId', '=', sessionId)
        .executeTakeFirst()
      if (numDeletedRows === 0n) return false
      await auth.endReading(id)
      return true
    },
    async open(id, secret) {
      const row = await query.selectFrom('shares').selectAll().where('id', '=', id).executeTakeFirst()
      // As much is compared for an unknown one, so that links cannot be looked for.
      const matches = timingSafeEqual(hash(secret), Buffer.from(row?.secretHash ?? '0'.repeat(64), 'hex'))
      if (row === undefined || !matches) return undefined
      const { sessionId, createdAt, expiresAt } = row
      if (expiresAt !== null && expiresAt <= now()) return undefined
      return { id, sessionId, createdAt, expiresAt }
    },
    owned: {
      name: 'shares',
      async give(from, to) {
        await query.updateTable('shares').set({ userId: to }).where('userId', '=', from).execute()
      },
      async remove(userId) {
        const rows = await query.selectFrom('shares').select('id').where('userId', '=', userId).execute()
        // Readers first: a link without a row can no longer be found to be ended.
        for (const { id } of rows) await auth.endReading(id)
        await query.deleteFrom('shares').where('userId', '=', userId).execute()
      },
    },
  }
}

function hash(secret: string): Buffer {
  return createHash('sha256').update(secret).digest()
}

function tooMany(): StreamError {
  return new StreamError('conflict', `A conversation has at most ${MAX_SHARES} links: revoke one first.`, {
    status: 409,
  })
}
