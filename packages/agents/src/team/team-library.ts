import type { Library } from '../library/open-library.ts'

/** The library as a research team uses it. */
export type TeamLibrary = Pick<Library, 'search' | 'getDocument' | 'listPassages'>
