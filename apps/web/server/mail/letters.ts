import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto'
import type { Selectable } from 'kysely'
import { StreamError } from '@throughline/protocol'
import type { Database } from '../database/database.ts'
import type { LettersTable } from '../database/tables.ts'

/** A mail that somebody asked for. */
export type Letter = Selectable<LettersTable>

/** What somebody asks to be mailed. */
export type Wish = Pick<Letter, 'kind' | 'email' | 'language'> &
  Partial<Pick<Letter, 'passwordHash' | 'userId'>>

/** Mails to be sent, and the links in those that were. */
export interface Letters {
  /**
   * Writes one down to be sent: the same work whoever the address belongs to.
   * @throws StreamError 503 when too many are under way
   */
  ask(wish: Wish): Promise<void>
  /**
   * What opens a letter, for the fragment of a link: its id and a signature, so nothing of it is kept. It is bound to
   * `seal`, and dies when that changes.
   */
  tokenOf(letter: Letter, seal: string): string
  /** The letter that a token names and whose link is still good; whether it `fits` is another question. */
  find(kind: Letter['kind'], token: string): Promise<Letter | undefined>
  /** Whether the token was made for this letter and this seal. */
  fits(token: string, letter: Letter, seal: string): boolean
  /** The next ones to be sent, each for one node alone, which has `leaseMs` to do it. */
  claim(leaseMs: number): Promise<readonly Letter[]>
  /** When the next one is to be sent; `undefined` when none is. */
  nextDue(): Promise<number | undefined>
  /** Sent: gone, or its link waits to be used. */
  settle(id: string, outcome: 'gone' | 'waits'): Promise<void>
  /** Not sent: again at that time. */
  postpone(id: string, dueAt: number): Promise<void>
  /** Removes those whose links have expired. */
  sweep(): Promise<void>
}

export interface LettersOptions {
  readonly database: Pick<Database, 'query'>
  /** Signs links. */
  readonly key: Buffer
  readonly now?: () => number
  /** Most that are under way: waiting to be sent, or for their link to be used. Default 10,000. */
  readonly size?: number
}

const HOUR_MS = 3_600_000

/** How long a link is good, from when it was sent. */
const LINK_LIFE_MS: Readonly<Record<Letter['kind'], number>> = {
  'sign-up': 24 * HOUR_MS,
  reset: HOUR_MS,
  changed: 0,
}

const ID_BYTES = 16
/** Claimed at once. */
const PAGE = 4

export function createLetters({ database, key, now = Date.now, size = 10_000 }: LettersOptions): Letters {
  const { query } = database

  const sign = ({ id, kind }: Pick<Letter, 'id' | 'kind'>, seal: string): Buffer =>
    createHmac('sha256', key)
      .update(JSON.stringify([kind, id, seal]))
      .digest()

  const requireRoom = async (): Promise<void> => {
    const { count } = await query
      .selectFrom('letters')
      .select((of) => of.fn.countAll<number | string>().as('count'))
      .executeTakeFirstOrThrow()
    if (Number(count) < size) return
    throw new StreamError('rate_limited', 'Too many mails are under way: try again in a while.', {
      status: 503,
      retryAfterMs: 60_000,
    })
  }

  return {
    async ask({ passwordHash = null, userId = null, ...wish }) {
      await requireRoom()
      const id = randomBytes(ID_BYTES).toString('base64url')
      const at = now()
      const letter = {
        ...wish,
        id,
        passwordHash,
        userId,
        createdAt: at,
        tries: 0,
        dueAt: at,
        expiresAt: null,
      }
      await query.insertInto('letters').values(letter).execute()
    },
    tokenOf: (letter, seal) => `${letter.id}.${sign(letter, seal).toString('base64url')}`,
    find: (kind, token) =>
      query
        .selectFrom('letters')
        .selectAll()
        .where('id', '=', partsOf(token).id)
        .where('kind', '=', kind)
        .where('expiresAt', '>', now())
        .executeTakeFirst(),
    fits(token, letter, seal) {
      const { id, signature } = partsOf(token)
      const expected = sign(letter, seal)
      return id === letter.id && signature.length === expected.length && timingSafeEqual(signature, expected)
    },
    async claim(leaseMs) {
      const due = await query
        .selectFrom('letters')
        .selectAll()
        .where('dueAt', '<=', now())
        .orderBy('dueAt')
        .limit(PAGE)
        .execute()
      const claimed: Letter[] = []
      for (const letter of due) {
        const expiresAt = now() + LINK_LIFE_MS[letter.kind]
        const tries = letter.tries + 1
        const { numUpdatedRows } = await query
          .updateTable('letters')
          .set({ dueAt: now() + leaseMs, tries, expiresAt })
          .where('id', '=', letter.id)
          .where('dueAt', '=', letter.dueAt)
          .executeTakeFirst()
        if (numUpdatedRows === 1n) claimed.push({ ...letter, tries, expiresAt })
      }
      return claimed
    },
    async nextDue() {
      const first = await query
        .selectFrom('letters')
        .select('dueAt')
        .where('dueAt', 'is not', null)
        .orderBy('dueAt')
        .executeTakeFirst()
      return first?.dueAt ?? undefined
    },
    async settle(id, outcome) {
      if (outcome === 'gone') await query.deleteFrom('letters').where('id', '=', id).execute()
      else await query.updateTable('letters').set({ dueAt: null }).where('id', '=', id).execute()
    },
    async postpone(id, dueAt) {
      await query.updateTable('letters').set({ dueAt }).where('id', '=', id).execute()
    },
    async sweep() {
      await query.deleteFrom('letters').where('dueAt', 'is', null).where('expiresAt', '<=', now()).execute()
    },
  }
}

function partsOf(token: string): { readonly id: string; readonly signature: Buffer } {
  const [id = '', signature = ''] = token.split('.', 2)
  return { id, signature: Buffer.from(signature, 'base64url') }
}
