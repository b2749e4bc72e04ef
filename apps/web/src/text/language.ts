/** Languages that the interface speaks, each with its own name of itself. */
export const LANGUAGES = { en: 'English', de: 'Deutsch' } as const

export type Language = keyof typeof LANGUAGES

/** Remembers what a person chose, for the server that writes the first page, too. */
export const LANGUAGE_COOKIE = 'throughline_language'

export function isLanguage(value: unknown): value is Language {
  return typeof value === 'string' && Object.hasOwn(LANGUAGES, value)
}

/** What a page is to be written in. @param chosen by the person @param accepted what the browser asks for: `Accept-Language` */
export function languageFor(chosen: string | undefined, accepted: string | null): Language {
  if (isLanguage(chosen)) return chosen
  return preferred(accepted ?? '') ?? 'en'
}

/** The language most wanted among those spoken; of equally wanted ones, the first. */
function preferred(accepted: string): Language | undefined {
  const wanted = accepted.split(',').map((part) => {
    const [tag = '', ...parameters] = part.split(';').map((text) => text.trim())
    const quality = parameters.find((parameter) => parameter.startsWith('q='))
    return { tag, quality: quality === undefined ? 1 : Number(quality.slice(2)) }
  })
  return wanted
    .filter(({ quality }) => quality > 0)
    .sort((a, b) => b.quality - a.quality)
    .map(({ tag }) => tag.toLowerCase().split('-', 1)[0])
    .find(isLanguage)
}

/** The reader's own variety of the page's language, where the browser names one: how dates are written differs within it. */
export function regional(locale: string): string {
  if (typeof navigator === 'undefined') return locale
  return navigator.languages.find((tag) => tag.toLowerCase().split('-', 1)[0] === locale) ?? locale
}
