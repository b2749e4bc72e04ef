'use client'

import { inspector as english, type InspectorStrings } from './english/inspector.ts'
import { inspector as german } from './german/inspector.ts'
import { useOneOf } from './use-strings'

const INSPECTOR = { en: english, de: german }

/** What the inspector says; every language of it comes with the inspector. */
export const useInspectorStrings = (): InspectorStrings => useOneOf(INSPECTOR)
