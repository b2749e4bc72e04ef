'use client'

import { library as english, type LibraryStrings } from './english/library.ts'
import { library as german } from './german/library.ts'
import { useOneOf } from './use-strings'

const LIBRARY = { en: english, de: german }

/** What the library's screen says; every language of it comes with the screen. */
export const useLibraryStrings = (): LibraryStrings => useOneOf(LIBRARY)
