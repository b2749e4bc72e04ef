'use client'

import { settings as english, type SettingsStrings } from './english/settings.ts'
import type { Strings } from './english/index.ts'
import { settings as german } from './german/settings.ts'
import { useOneOf, useStrings } from './use-strings'

const SETTINGS = { en: english, de: german }

/** What is said there, and of accounts; every language of it comes with the piece. */
export function useSettingsStrings(): Strings['account'] & SettingsStrings {
  return { ...useStrings().account, ...useOneOf(SETTINGS) }
}
