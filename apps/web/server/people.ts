import type { HubParts, Logger, Route, TokenKeys } from '@throughline/server'
import { accountRoutes } from './accounts/account-routes.ts'
import { createAccounts } from './accounts/accounts.ts'
import { createEstates } from './accounts/estates.ts'
import { ownedSessions } from './accounts/owned-sessions.ts'
import { createSignInLimits, type SignInLimits } from './accounts/sign-in-limits.ts'
import type { Database } from './database/database.ts'
import { deriveKey } from './secrets.ts'
import { shareRoutes } from './shares/share-routes.ts'
import { createShares } from './shares/shares.ts'

export interface PeopleOptions {
  readonly database: Database
  readonly keys: TokenKeys
  readonly parts: Pick<HubParts, 'log' | 'auth' | 'audit'>
  readonly logger: Logger
  /** Default: those of `createSignInLimits`. */
  readonly limits?: SignInLimits
}

/** Accounts and what belongs to them. */
export interface People {
  readonly routes: readonly Route[]
  /** Finishes what a former process began. */
  start(): Promise<void>
  close(): Promise<void>
}

/** Wires accounts with everything that users own. */
export function createPeople({ database, keys, parts, logger, ...options }: PeopleOptions): People {
  const { limits = createSignInLimits() } = options
  const { log, auth, audit } = parts
  // Whoever holds the keys elsewhere has the accounts, too.
  if (keys.kind !== 'secret')
    return { routes: [], start: () => Promise.resolve(), close: () => Promise.resolve() }
  const onError = (error: unknown, context: string): void => logger.error({ err: error }, context)
  const accounts = createAccounts({ database, secret: deriveKey(keys.secret, 'accounts').toString('base64') })
  const shares = createShares({ database, auth })
  const possessions = [shares.owned, ownedSessions(log)]
  const estates = createEstates({ database, auth, possessions, onError })
  return {
    routes: [
      ...accountRoutes({ accounts, estates, auth, log, audit, limits }),
      ...shareRoutes({ shares, auth, log, audit }),
    ],
    start: () => estates.start(),
    close: () => estates.close(),
  }
}
