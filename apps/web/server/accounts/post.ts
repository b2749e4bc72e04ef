import type { HubParts } from '@throughline/server'
import type { Database } from '../database/database.ts'
import { createCourier, type Courier } from '../mail/courier.ts'
import { createLetters } from '../mail/letters.ts'
import type { MailSettings } from '../mail/mail-settings.ts'
import { createMailer } from '../mail/mailer.ts'
import type { Accounts } from './accounts.ts'
import { createMailedAccounts, type MailedAccounts, type MailedAccountsOptions } from './mailed-accounts.ts'

export interface PostOptions extends MailSettings, Pick<MailedAccountsOptions, 'languageOf' | 'onError'> {
  readonly database: Database
  readonly accounts: Accounts
  /** Signs links. */
  readonly key: Buffer
  readonly audit: HubParts['audit']
  /** Default: as `createCourier` has it. */
  readonly retryAfterMs?: readonly number[] | undefined
}

/** What people do by mail, and who carries it. */
export function openPost(options: PostOptions): {
  readonly mailed: MailedAccounts
  readonly courier: Courier
} {
  const { database, accounts, key, languageOf, origin, audit, onError, retryAfterMs } = options
  const letters = createLetters({ database, key })
  const courier: Courier = createCourier({
    letters,
    mailer: createMailer(options),
    write: (letter) => mailed.write(letter),
    audit,
    onError,
    ...(retryAfterMs !== undefined && { retryAfterMs }),
  })
  const mailed = createMailedAccounts({
    database,
    accounts,
    letters,
    poke: courier.poke,
    languageOf,
    origin,
    onError,
  })
  return { mailed, courier }
}
