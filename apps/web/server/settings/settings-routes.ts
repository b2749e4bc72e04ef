import { StreamError } from '@throughline/protocol'
import { json, readJson, type Route } from '@throughline/server'
import { readProviderUrl } from './provider-url.ts'
import type { Preferences, SettingsView } from './settings-view.ts'
import type { PersonSettings, Settings, SettingsChange } from './settings.ts'

export interface SettingsRoutesOptions {
  readonly settings: Settings
  /** Whether providers may be on this machine or a private network: `ALLOW_LOCAL_MODELS`. */
  readonly allowLocal: boolean
  /** The model that answers who has chosen none; `null`: the built-in team. */
  readonly serverModel: string | null
}

const BODY_BYTES = 8_192
const MAX_MODEL = 200
const MAX_KEY = 512

const CHOICES = {
  theme: ['system', 'light', 'dark'],
  motion: ['system', 'reduced'],
  direction: ['ltr', 'rtl'],
  language: ['system', 'en', 'de'],
} as const

/** What a person chose: `GET` and `PATCH /api/settings`. */
export function settingsRoutes({
  settings,
  allowLocal,
  serverModel,
}: SettingsRoutesOptions): readonly Route[] {
  const view = (person: PersonSettings): SettingsView => ({ ...person, serverModel })
  return [
    {
      method: 'GET',
      pattern: '/api/settings',
      access: 'user',
      handle: async ({ identity }) => json(200, view(await settings.get(identity.userId))),
    },
    {
      method: 'PATCH',
      pattern: '/api/settings',
      access: 'user',
      async handle({ identity, request }) {
        const change = readChange(await readJson(request, BODY_BYTES), allowLocal)
        return json(200, view(await settings.change(identity.userId, change)))
      },
    },
  ]
}

/** @throws StreamError 400 */
function readChange(body: unknown, allowLocal: boolean): SettingsChange {
  const { preferences, provider } = fieldsOf(body, 'The body')
  return {
    ...(preferences !== undefined && { preferences: readPreferences(fieldsOf(preferences, 'preferences')) }),
    ...(provider !== undefined && {
      provider: provider === null ? null : readProvider(fieldsOf(provider, 'provider'), allowLocal),
    }),
  }
}

function readPreferences(fields: Readonly<Record<string, unknown>>): Preferences {
  const chosen: Partial<Record<keyof Preferences, unknown>> = {}
  for (const name of ['theme', 'motion', 'direction', 'language'] as const) {
    const value = fields[name]
    if (value === undefined) continue
    const choices: readonly unknown[] = CHOICES[name]
    if (!choices.includes(value)) throw invalid(`${name} must be one of ${CHOICES[name].join(', ')}.`)
    chosen[name] = value
  }
  return chosen as Preferences
}

function readProvider(
  { baseUrl, model, key }: Readonly<Record<string, unknown>>,
  allowLocal: boolean,
): NonNullable<SettingsChange['provider']> {
  if (typeof baseUrl !== 'string') throw invalid('Say the address of the provider.')
  if (typeof model !== 'string' || !/^[\x21-\x7e]+$/.test(model) || model.length > MAX_MODEL) {
    throw invalid('Say which model, as the provider names it.')
  }
  if (key !== undefined && key !== null && !isKey(key)) {
    throw invalid(`A key is 1 to ${MAX_KEY} printable characters without spaces.`)
  }
  return { baseUrl: readProviderUrl(baseUrl, { allowLocal }), model, ...(key !== undefined && { key }) }
}

function isKey(value: unknown): value is string {
  return typeof value === 'string' && value.length <= MAX_KEY && /^[\x21-\x7e]+$/.test(value)
}

function fieldsOf(value: unknown, what: string): Readonly<Record<string, unknown>> {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return { ...value }
  throw invalid(`${what} must be an object.`)
}

function invalid(message: string): StreamError {
  return new StreamError('invalid_request', message, { status: 400 })
}
