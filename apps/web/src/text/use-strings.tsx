'use client'

import { createContext, startTransition, use, useEffect, useMemo, useState, type ReactNode } from 'react'
import { english, type Strings } from './english/index.ts'
import { isLanguage, LANGUAGE_COOKIE, languageFor, type Language } from './language.ts'
import { loadStrings } from './load-strings.ts'

const StringsContext = createContext<Strings>(english)
const SpeakContext = createContext<(chosen: Language | null) => void>(() => undefined)

const YEAR_S = 31_536_000

/** Says everything below in one language. @param initial of the page as the server wrote it */
export function LanguageProvider({ initial, children }: { initial: Language; children: ReactNode }) {
  const [language, setLanguage] = useState(initial)
  const loading = loadStrings(language)
  const strings = loading instanceof Promise ? use(loading) : loading
  useEffect(() => {
    document.documentElement.lang = strings.locale
  }, [strings])
  const speak = useMemo(
    () => (chosen: Language | null) => {
      const life = chosen === null ? 0 : YEAR_S
      document.cookie = `${LANGUAGE_COOKIE}=${chosen ?? ''}; path=/; max-age=${String(life)}; samesite=lax`
      // What is on the screen stays until the other table is here.
      startTransition(() => {
        setLanguage(languageFor(chosen ?? undefined, navigator.languages.join(',')))
      })
    },
    [],
  )
  return (
    <SpeakContext value={speak}>
      <StringsContext value={strings}>{children}</StringsContext>
    </SpeakContext>
  )
}

/** Every sentence of the interface in the page's language. */
export const useStrings = (): Strings => use(StringsContext)

/** Changes the page's language, and remembers it in this browser; `null`: as the browser has it. */
export const useSpeak = (): ((chosen: Language | null) => void) => use(SpeakContext)

/** The one in the page's language, of sentences that come with the piece of the page that says them. */
export function useOneOf<T>(tables: Readonly<Record<Language, T>>): T {
  const { locale } = useStrings()
  return tables[isLanguage(locale) ? locale : 'en']
}
