import { english, type TeamWords } from './english.ts'
import { german } from './german.ts'

const LANGUAGES: ReadonlyMap<string, TeamWords> = new Map([
  ['en', english],
  ['de', german],
])

/** What the team says in the language of a tag; English where it speaks no other, or nobody said. */
export function wordsFor(language: string | undefined): TeamWords {
  const [primary = ''] = (language ?? '').toLowerCase().split('-', 1)
  return LANGUAGES.get(primary) ?? english
}
