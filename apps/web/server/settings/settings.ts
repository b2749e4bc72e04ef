import { StreamError } from '@throughline/protocol'
import type { Possession } from '../accounts/possession.ts'
import type { Database } from '../database/database.ts'
import type { SealedBox } from './sealed-box.ts'
import type { Preferences, ProviderView } from './settings-view.ts'

/** What a person wants changed; what is left out stays. */
export interface SettingsChange {
  readonly preferences?: Preferences
  /** `null`: none of one's own. A key that is left out stays, `null` removes it. */
  readonly provider?: {
    readonly baseUrl: string
    readonly model: string
    readonly key?: string | null
  } | null
}

/** A person's provider as the team uses it. */
export interface ProviderSettings {
  readonly baseUrl: string
  readonly model: string
  readonly apiKey?: string
}

export interface PersonSettings {
  readonly preferences: Preferences
  readonly provider: ProviderView | null
}

/** What people chose. Keys go in and are used; they never come out. */
export interface Settings {
  get(userId: string): Promise<PersonSettings>
  change(userId: string, change: SettingsChange): Promise<PersonSettings>
  /** For the team alone. @throws StreamError `auth_error` when the key cannot be read any longer */
  provider(userId: string): Promise<ProviderSettings | undefined>
  readonly owned: Possession
}

export interface SettingsOptions {
  readonly database: Pick<Database, 'query'>
  readonly box: SealedBox
  readonly now?: () => number
}

interface Kept {
  readonly preferences: Preferences
  readonly provider: { readonly baseUrl: string; readonly model: string } | null
  readonly sealedKey: string | null
}

const HINT = 4
/** Of a shorter key the last characters would be too much of it. */
const HINTED_FROM = 16

export function createSettings({ database, box, now = Date.now }: SettingsOptions): Settings {
  const { query } = database

  const read = async (userId: string, from = query): Promise<Kept> => {
    const row = await from.selectFrom('settings').selectAll().where('userId', '=', userId).executeTakeFirst()
    if (row === undefined) return { preferences: {}, provider: null, sealedKey: null }
    return {
      preferences: JSON.parse(row.preferences) as Preferences,
      provider: row.provider === null ? null : (JSON.parse(row.provider) as Kept['provider']),
      sealedKey: row.sealedKey,
    }
  }

  const view = (userId: string, { preferences, provider, sealedKey }: Kept): PersonSettings => ({
    preferences,
    provider: provider && { ...provider, key: keyView(sealedKey, userId) },
  })

  const keyView = (sealedKey: string | null, userId: string): ProviderView['key'] => {
    if (sealedKey === null) return { state: 'none' }
    const key = box.open(sealedKey, userId)
    if (key === undefined) return { state: 'unreadable' }
    return { state: 'set', endsIn: key.length < HINTED_FROM ? '' : key.slice(-HINT) }
  }

  /** A key goes along to the host it was given for, and to no other that is named later. */
  const nextKey = (
    userId: string,
    kept: Kept,
    change: NonNullable<SettingsChange['provider']>,
  ): string | null => {
    if (typeof change.key === 'string') return box.seal(change.key, userId)
    const same =
      kept.provider !== null && new URL(kept.provider.baseUrl).origin === new URL(change.baseUrl).origin
    return change.key === null || !same ? null : kept.sealedKey
  }

  return {
    async get(userId) {
      return view(userId, await read(userId))
    },
    change: (userId, change) =>
      query.transaction().execute(async (all) => {
        const kept = await read(userId, all)
        const next: Kept = {
          ...kept,
          preferences: { ...kept.preferences, ...change.preferences },
          ...(change.provider === null && { provider: null, sealedKey: null }),
          ...(change.provider && {
            provider: { baseUrl: change.provider.baseUrl, model: change.provider.model },
            sealedKey: nextKey(userId, kept, change.provider),
          }),
        }
        const columns = {
          preferences: JSON.stringify(next.preferences),
          provider: next.provider && JSON.stringify(next.provider),
          sealedKey: next.sealedKey,
          updatedAt: now(),
        }
        await all
          .insertInto('settings')
          .values({ userId, ...columns })
          .onConflict((conflict) => conflict.column('userId').doUpdateSet(columns))
          .execute()
        return view(userId, next)
      }),
    async provider(userId) {
      const { provider, sealedKey } = await read(userId)
      if (provider === null) return undefined
      if (sealedKey === null) return provider
      const apiKey = box.open(sealedKey, userId)
      if (apiKey === undefined) {
        throw new StreamError(
          'auth_error',
          'Your provider key can no longer be read: enter it again in Settings.',
        )
      }
      return { ...provider, apiKey }
    },
    owned: {
      name: 'settings',
      // Whoever takes over has settings already, and the key was sealed for its owner.
      async give(from) {
        await query.deleteFrom('settings').where('userId', '=', from).execute()
      },
      async remove(userId) {
        await query.deleteFrom('settings').where('userId', '=', userId).execute()
      },
    },
  }
}
