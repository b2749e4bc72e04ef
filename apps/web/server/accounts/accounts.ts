import { isAPIError } from 'better-auth/api'
import { StreamError } from '@throughline/protocol'
import type { Database } from '../database/database.ts'
import { createAccountLibrary, type PasswordHashing } from './account-library.ts'
import { checkNewPassword } from './password-rules.ts'
import { createTurnstile } from './turnstile.ts'

export interface AccountRecord {
  readonly userId: string
  readonly name: string
  readonly email: string
  /** ms since 1970. */
  readonly createdAt: number
}

export interface Credentials {
  readonly email: string
  readonly password: string
}

/** An account whose password was right a moment ago. */
export interface SignedIn extends AccountRecord {
  /** Whether it still is: asked once the login has begun, so that a change of the password ends every older one. */
  isCurrent(): Promise<boolean>
}

/** People with an e-mail address and a password. */
export interface Accounts {
  /**
   * Makes an account, of the guest `userId` when there is one. Says nothing, and works as long, when the address is
   * taken: only the password tells. @throws StreamError 400, of rules that look at nothing but what was sent
   */
  signUp(credentials: Credentials & { readonly userId?: string }): Promise<void>
  /** The account, or nothing: for an unknown address as for a wrong password, after the same work. */
  signIn(credentials: Credentials): Promise<SignedIn | undefined>
  get(userId: string): Promise<AccountRecord | undefined>
  find(email: string): Promise<AccountRecord | undefined>
  /** What is kept of an account's password: another one after each change. */
  hashOf(userId: string): Promise<string | undefined>
  /** A new password as it is kept. @throws StreamError 400 when it is none to have */
  hash({ email, password }: Credentials): Promise<string>
  matches(hash: string, password: string): Promise<boolean>
  isPassword(userId: string, password: string): Promise<boolean>
  /** @throws StreamError 400 when the password is none to have */
  setPassword(account: AccountRecord, password: string): Promise<void>
}

export interface AccountsOptions {
  readonly database: Pick<Database, 'kind' | 'query'>
  /** The server's own. */
  readonly secret: string
  /** Default: scrypt. */
  readonly hashing?: PasswordHashing | undefined
}

/** Passwords hashed at once, and those that wait: each takes a thread and 16 MiB for a while. */
const TURNS = { atOnce: 4, waiting: 64 }

const MAX_EMAIL = 254
/** Nothing that has a meaning of its own in a mail's headers, and nothing that is not seen. */
const ADDRESS = /^[^\s\p{C}@"(),:;<>[\\\]]+@[^\s\p{C}@"(),:;<>[\\\]]+\.[^\s\p{C}@"(),:;<>[\\\].]+$/u
const MAX_NAME = 60

/** Accounts in the app's database. */
export function createAccounts(options: AccountsOptions): Accounts {
  const { database } = options
  const library = createAccountLibrary(options)
  const takeTurn = createTurnstile(TURNS)
  const { query } = database

  const find = async (column: 'id' | 'email', value: string): Promise<AccountRecord | undefined> => {
    const row = await query.selectFrom('accounts').selectAll().where(column, '=', value).executeTakeFirst()
    if (row === undefined) return undefined
    const { id, name, email, createdAt } = row
    return { userId: id, name, email, createdAt: new Date(createdAt).getTime() }
  }

  const hashOf = async (userId: string): Promise<string | undefined> => {
    const { internalAdapter } = await library.$context
    const credentials = await internalAdapter.findAccounts(userId)
    return credentials.find(({ providerId }) => providerId === 'credential')?.password ?? undefined
  }

  const hash = async ({ email, password }: Credentials): Promise<string> => {
    checkNewPassword(password, email)
    const { password: passwords } = await library.$context
    return takeTurn(() => passwords.hash(password))
  }

  const matches = async (known: string, password: string): Promise<boolean> => {
    const { password: passwords } = await library.$context
    return takeTurn(() => passwords.verify({ hash: known, password }))
  }

  return {
    async signUp({ userId, ...credentials }) {
      const email = readEmail(credentials.email)
      const { password } = credentials
      checkNewPassword(password, email)
      const body = { email, password, name: nameFrom(email), ...(userId !== undefined && { userId }) }
      try {
        await takeTurn(() => library.api.signUpEmail({ body }))
      } catch (error) {
        // Somebody took the address, or the guest its account, at the same time.
        if (isAPIError(error) && (await find('email', email)) !== undefined) return
        throw error
      }
    },
    async signIn({ password, ...given }) {
      const email = readEmail(given.email)
      try {
        const known = await find('email', email)
        const hash = await hashOf(known?.userId ?? '')
        await takeTurn(() => library.api.signInEmail({ body: { email, password } }))
        return known && { ...known, isCurrent: async () => (await hashOf(known.userId)) === hash }
      } catch (error) {
        if (isAPIError(error) && error.statusCode < 500) return undefined
        throw error
      }
    },
    get: (userId) => find('id', userId),
    find: (email) => find('email', email),
    hashOf,
    hash,
    matches,
    async isPassword(userId, password) {
      const known = await hashOf(userId)
      return known !== undefined && (await matches(known, password))
    },
    async setPassword({ userId, email }, password) {
      const next = await hash({ email, password })
      const { internalAdapter } = await library.$context
      await internalAdapter.updatePassword(userId, next)
    },
  }
}

/** What somebody is called who has said nothing but an address. */
export function nameFrom(email: string): string {
  return (email.split('@')[0] ?? '').slice(0, MAX_NAME)
}

/** An address as it is kept: trimmed, in lower case. @throws StreamError 400 */
export function readEmail(text: string): string {
  const email = text.trim().normalize('NFC').toLowerCase()
  if (email.length <= MAX_EMAIL && ADDRESS.test(email)) return email
  throw new StreamError('invalid_request', 'That is no e-mail address.', { status: 400 })
}
