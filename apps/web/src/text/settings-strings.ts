'use client'

import { settings as english, type SettingsStrings } from './english/settings.ts'
import { settings as german } from './german/settings.ts'
import { useOneOf } from './use-strings'

const SETTINGS = { en: english, de: german }

/** The sentences of settings; every language of them comes with what says them. */
export const useSettingsStrings = (): SettingsStrings => useOneOf(SETTINGS)
