'use client'

import { sharing as english, type SharingStrings } from './english/sharing.ts'
import { sharing as german } from './german/sharing.ts'
import { useOneOf } from './use-strings'

const SHARING = { en: english, de: german }

/** The sentences of sharing; every language of them comes with what says them. */
export const useSharingStrings = (): SharingStrings => useOneOf(SHARING)
