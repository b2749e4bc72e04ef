import { readModelSettings } from '@throughline/agents'
import type { HubParts, Logger, Route, TokenKeys } from '@throughline/server'
import type { PasswordHashing } from './accounts/account-library.ts'
import { accountRoutes } from './accounts/account-routes.ts'
import { createAccounts } from './accounts/accounts.ts'
import { createEstates } from './accounts/estates.ts'
import { ownedSessions } from './accounts/owned-sessions.ts'
import type { Possession } from './accounts/possession.ts'
import { createMailLimits, type MailLimits } from './accounts/mail-limits.ts'
import { openPost } from './accounts/post.ts'
import { readSignUp } from './accounts/sign-up-setting.ts'
import { createSignInLimits, type SignInLimits } from './accounts/sign-in-limits.ts'
import type { Database } from './database/database.ts'
import type { MailSettings } from './mail/mail-settings.ts'
import { deriveKey } from './secrets.ts'
import { createSealedBox } from './settings/sealed-box.ts'
import { settingsRoutes } from './settings/settings-routes.ts'
import { createSettings, type ProviderSettings } from './settings/settings.ts'
import { shareRoutes } from './shares/share-routes.ts'
import { createShares } from './shares/shares.ts'

export interface PeopleOptions {
  readonly database: Database
  readonly keys: TokenKeys
  readonly parts: Pick<HubParts, 'log' | 'auth' | 'audit' | 'rate'>
  readonly env: Readonly<Record<string, string | undefined>>
  readonly logger: Logger
  /** What users own beside what is kept here, moved and removed along with it. Default: nothing. */
  readonly possessions?: readonly Possession[]
  /** Default: scrypt. */
  readonly hashing?: PasswordHashing
  /** Default: those of `createSignInLimits`. */
  readonly limits?: SignInLimits
  /** Absent: no mail is sent. */
  readonly mail?: MailSettings | undefined
  /** Default: those of `createMailLimits`. */
  readonly mailLimits?: MailLimits
  /** When mails are tried again. Default: as `createCourier` has it. */
  readonly retryAfterMs?: readonly number[]
}

/** Accounts and what belongs to them. */
export interface People {
  readonly routes: readonly Route[]
  /** The model provider that a person chose; `undefined`: the server's. @throws StreamError when its key is unreadable */
  providerOf(userId: string): Promise<ProviderSettings | undefined>
  /** Whether providers may be on this machine or a private network. */
  readonly allowLocal: boolean
  /** Finishes what a former process began. */
  start(): Promise<void>
  close(): Promise<void>
}

/** Wires accounts with everything that users own. */
export function createPeople(options: PeopleOptions): People {
  const { database, keys, parts, env, logger } = options
  const { log, auth, audit, rate } = parts
  const limits = options.limits ?? createSignInLimits({ rate })
  const allowLocal = ['1', 'true'].includes(env['ALLOW_LOCAL_MODELS']?.trim() ?? '')
  if (keys.kind !== 'secret') return nobody(allowLocal)
  const key = (purpose: string): Buffer => deriveKey(keys.secret, purpose)
  const onError = (error: unknown, context: string): void => logger.error({ err: error }, context)

  const secret = key('accounts').toString('base64')
  const accounts = createAccounts({ database, secret, hashing: options.hashing })
  const shares = createShares({ database, auth })
  const settings = createSettings({ database, box: createSealedBox(key('provider-keys')) })
  const post =
    options.mail &&
    openPost({
      ...options.mail,
      database,
      accounts,
      key: key('mailed-links'),
      languageOf: async (userId) => {
        const { language } = (await settings.get(userId)).preferences
        return language === 'system' ? undefined : language
      },
      audit,
      onError,
      retryAfterMs: options.retryAfterMs,
    })
  const estates = createEstates({
    database,
    auth,
    // Sessions go last: whoever looks for what is left looks for them.
    possessions: [
      ...(post === undefined ? [] : [post.mailed.owned]),
      shares.owned,
      settings.owned,
      ...(options.possessions ?? []),
      ownedSessions(log),
    ],
    onError,
  })
  return {
    routes: [
      ...accountRoutes({
        accounts,
        estates,
        auth,
        log,
        audit,
        limits,
        signUp: readSignUp(env),
        mailed: post?.mailed,
        mailLimits: options.mailLimits ?? createMailLimits({ rate }),
      }),
      ...shareRoutes({ shares, auth, log, audit, rate }),
      ...settingsRoutes({ settings, allowLocal, serverModel: readModelSettings(env)?.model ?? null }),
    ],
    providerOf: (userId) => settings.provider(userId),
    allowLocal,
    async start() {
      await estates.start()
      post?.courier.start()
    },
    async close() {
      await post?.courier.close()
      await estates.close()
    },
  }
}

/** Whoever holds the keys elsewhere (`JWT_JWKS_URL`) has the accounts, too, and there is no secret to seal with. */
function nobody(allowLocal: boolean): People {
  const done = (): Promise<void> => Promise.resolve()
  return { routes: [], providerOf: () => Promise.resolve(undefined), allowLocal, start: done, close: done }
}
