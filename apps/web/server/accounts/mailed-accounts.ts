import type { Database } from '../database/database.ts'
import { compose } from '../mail/compose.ts'
import type { Courier, WrittenLetter } from '../mail/courier.ts'
import type { Letter, Letters } from '../mail/letters.ts'
import type { LetterName } from '../mail/sentences/sentences.ts'
import type { MailLanguage } from './account-bodies.ts'
import { accountRows } from './account-rows.ts'
import { nameFrom, type AccountRecord, type Accounts, type Credentials } from './accounts.ts'
import type { Possession } from './possession.ts'

/** A reset that its link was good for a moment ago. */
export interface OpenedReset {
  readonly letter: Letter
  readonly account: AccountRecord
  /** Of the password that is to be replaced. */
  readonly before: string
}

/** What people do with accounts by mail. Nothing that is asked for looks at who has an account; what is mailed does. */
export interface MailedAccounts {
  /** Asks for an account, which begins once its link is used. @throws StreamError 400, 503 */
  askToConfirm(
    wish: Credentials & { readonly guest: string | undefined; readonly language: MailLanguage },
  ): Promise<void>
  /** The sign-up that a link confirms. */
  openSignUp(token: string): Promise<Letter | undefined>
  /** Makes the account, of the guest who asked for it when there was one; nothing, when somebody was faster. */
  confirm(letter: Letter): Promise<AccountRecord | undefined>
  /** Asks for a link to set a new password. @throws StreamError 503 */
  askToReset(email: string, language: MailLanguage): Promise<void>
  openReset(token: string): Promise<OpenedReset | undefined>
  /** Sets the password, and whether it did: a link works once. @throws StreamError 400 when it is none to have */
  reset(opened: OpenedReset, password: string): Promise<boolean>
  /** Tells the owner of an account that its password is another one now, as far as there is room. */
  tellOfChange(account: Pick<AccountRecord, 'userId' | 'email'>): Promise<void>
  /** What a letter says, found out now. */
  write(letter: Letter): Promise<WrittenLetter>
  readonly owned: Possession
}

export interface MailedAccountsOptions {
  readonly database: Pick<Database, 'kind' | 'query'>
  readonly accounts: Accounts
  readonly letters: Letters
  readonly poke: Courier['poke']
  /** What somebody chose to be spoken to in. */
  readonly languageOf: (userId: string) => Promise<MailLanguage | undefined>
  /** Where links lead. */
  readonly origin: string
  readonly onError: (error: unknown, context: string) => void
}

const REASONS = {
  confirm: 'confirm',
  taken: 'address_taken',
  reset: 'reset',
  unknown: 'no_account',
  changed: 'notice',
} as const

export function createMailedAccounts(options: MailedAccountsOptions): MailedAccounts {
  const { database, accounts, letters, poke, languageOf, origin, onError } = options
  const { query, kind } = database
  const rows = accountRows(kind)

  const ask: Letters['ask'] = async (wish) => {
    await letters.ask(wish)
    poke()
  }

  /** Which of the letters it is, and the link that is in it. */
  const decide = async (
    letter: Letter,
    account: AccountRecord | undefined,
  ): Promise<{ readonly name: LetterName; readonly link: string }> => {
    const page = (path: string, seal: string): string =>
      `${origin}/mail/${path}#${letters.tokenOf(letter, seal)}`
    const home = `${origin}/`
    if (letter.kind === 'changed') return { name: 'changed', link: home }
    if (letter.kind === 'sign-up') {
      if (account !== undefined) return { name: 'taken', link: home }
      return { name: 'confirm', link: page('confirm', letter.passwordHash ?? '') }
    }
    const before = account && (await accounts.hashOf(account.userId))
    return before === undefined
      ? { name: 'unknown', link: home }
      : { name: 'reset', link: page('reset', before) }
  }

  const guestIsOver = async (all: typeof query, userId: string): Promise<boolean> => {
    const estate = await all.selectFrom('estates').select('userId').where('userId', '=', userId).execute()
    return estate.length > 0
  }

  return {
    async askToConfirm({ email, password, guest, language }) {
      const passwordHash = await accounts.hash({ email, password })
      await ask({ kind: 'sign-up', email, language, passwordHash, userId: guest ?? null })
    },
    async openSignUp(token) {
      const letter = await letters.find('sign-up', token)
      return letter && letters.fits(token, letter, letter.passwordHash ?? '') ? letter : undefined
    },
    async confirm({ id, email, passwordHash, userId: guest }) {
      if (passwordHash === null) return undefined
      try {
        return await query.transaction().execute(async (all) => {
          const { numDeletedRows } = await all.deleteFrom('letters').where('id', '=', id).executeTakeFirst()
          if (numDeletedRows === 0n) return undefined
          const isGuest = guest !== null && !(await guestIsOver(all, guest))
          const account = { userId: isGuest ? guest : crypto.randomUUID(), name: nameFrom(email), email }
          await rows.insert(all, { ...account, passwordHash })
          // Whoever else asked for this address, and whatever else this guest asked for, has asked in vain.
          await all
            .deleteFrom('letters')
            .where('kind', '=', 'sign-up')
            .where((is) => is.or([is('email', '=', email), is('userId', '=', account.userId)]))
            .execute()
          return { ...account, createdAt: Date.now() }
        })
      } catch (error) {
        const taken = (await accounts.find(email)) ?? (guest === null ? undefined : await accounts.get(guest))
        if (taken !== undefined) return undefined
        throw error
      }
    },
    askToReset: (email, language) => ask({ kind: 'reset', email, language }),
    async openReset(token) {
      const letter = await letters.find('reset', token)
      const account = letter && (await accounts.find(letter.email))
      const before = account && (await accounts.hashOf(account.userId))
      if (letter === undefined || account === undefined || before === undefined) return undefined
      return letters.fits(token, letter, before) ? { letter, account, before } : undefined
    },
    async reset({ letter, account, before }, password) {
      const next = await accounts.hash({ email: account.email, password })
      return query.transaction().execute(async (all) => {
        const { userId } = account
        if (!(await rows.replacePassword(all, { userId, before, next }))) return false
        await all
          .deleteFrom('letters')
          .where('kind', '=', 'reset')
          .where('email', '=', letter.email)
          .where('dueAt', 'is', null)
          .execute()
        return true
      })
    },
    tellOfChange: ({ userId, email }) =>
      ask({ kind: 'changed', email, userId, language: 'en' }).catch((error: unknown) => {
        onError(error, 'telling of a changed password')
      }),
    async write(letter) {
      const account = await accounts.find(letter.email)
      const { name, link } = await decide(letter, account)
      const language = (account && (await languageOf(account.userId))) ?? letter.language
      const userId = account?.userId ?? letter.userId ?? undefined
      // So that it goes with the account.
      if (account !== undefined && letter.kind !== 'sign-up') {
        await query
          .updateTable('letters')
          .set({ userId: account.userId })
          .where('id', '=', letter.id)
          .execute()
      }
      const contents = { name, language, link, forgot: `${origin}/mail/forgot` }
      return {
        mail: { id: letter.id, to: letter.email, ...compose(contents) },
        reason: REASONS[name],
        userId,
        waits: name === 'confirm' || name === 'reset',
      }
    },
    owned: {
      name: 'letters',
      // What a guest had goes to its heir; the account that it asked for is a new one then.
      async give(from) {
        await query.updateTable('letters').set({ userId: null }).where('userId', '=', from).execute()
      },
      async remove(userId) {
        await query.deleteFrom('letters').where('userId', '=', userId).execute()
      },
    },
  }
}
