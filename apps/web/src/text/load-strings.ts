import { english, type Strings } from './english/index.ts'
import type { Language } from './language.ts'

/** Those that are not in every page's scripts. */
const OTHERS: Record<Exclude<Language, 'en'>, () => Promise<Strings>> = {
  de: () => import('./german/index.ts').then(({ german }) => german),
}

const asked = new Map<Language, Promise<Strings>>()

/** The sentences of a language, fetched once. English where they cannot be fetched: rather that than no page. */
export function loadStrings(language: Language): Strings | Promise<Strings> {
  if (language === 'en') return english
  const before = asked.get(language)
  if (before !== undefined) return before
  const loading = OTHERS[language]().catch(() => {
    asked.delete(language)
    return english
  })
  asked.set(language, loading)
  return loading
}
