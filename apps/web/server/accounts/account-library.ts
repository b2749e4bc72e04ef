import { betterAuth } from 'better-auth'
import type { Database } from '../database/database.ts'
import { MAX_PASSWORD, MIN_PASSWORD } from './password-rules.ts'

/** Our logins are tokens and a stream of the log: what the library would keep of a session goes nowhere. */
const NOWHERE = {
  get: () => null,
  set: () => undefined,
  delete: () => undefined,
  getAndDelete: () => null,
  increment: () => 1,
}

/** How passwords are kept. */
export interface PasswordHashing {
  hash(password: string): Promise<string>
  verify(entry: { readonly hash: string; readonly password: string }): Promise<boolean>
}

export interface AccountLibraryOptions {
  readonly database: Pick<Database, 'kind' | 'query'>
  readonly secret: string
  /** Default: the library's, which is scrypt. */
  readonly hashing?: PasswordHashing | undefined
}

/** The account library over our tables; it serves no route of its own. */
export function createAccountLibrary({ database, secret, hashing }: AccountLibraryOptions) {
  return betterAuth({
    appName: 'Throughline',
    // Never called: required, and used for links in e-mails, of which there are none.
    baseURL: 'http://127.0.0.1',
    secret,
    database: { db: database.query, type: database.kind, transaction: true },
    secondaryStorage: NOWHERE,
    user: { modelName: 'accounts' },
    account: { modelName: 'credentials' },
    emailAndPassword: {
      enabled: true,
      // Not signing in at once is what makes the answers for a free and a taken address the same.
      autoSignIn: false,
      ...(hashing !== undefined && { password: hashing }),
      minPasswordLength: MIN_PASSWORD,
      maxPasswordLength: MAX_PASSWORD * 4,
    },
    databaseHooks: {
      user: {
        create: {
          // A guest's account is the guest: the same id.
          before: (user, context) => {
            const { userId } = (context?.body ?? {}) as { userId?: unknown }
            return Promise.resolve({ data: { ...user, ...(typeof userId === 'string' && { id: userId }) } })
          },
        },
      },
    },
    rateLimit: { enabled: false },
    telemetry: { enabled: false },
    // It would name e-mail addresses; what goes wrong is thrown and logged by our routes.
    logger: { disabled: true },
  })
}
