import { stem } from './stem.ts'

/** Scripts written without spaces give one word a character; neighbours are then found as phrases. */
const WORD =
  /[\p{sc=Han}\p{sc=Hira}\p{sc=Kana}\p{sc=Thai}]|(?:(?![\p{sc=Han}\p{sc=Hira}\p{sc=Kana}\p{sc=Thai}])[\p{L}\p{N}])+/gu
/** Most text is ASCII, and three times faster to read as such. */
const ASCII = /^\p{ASCII}*$/u
const ASCII_WORD = /[a-z0-9]+/g
const MARKS = /\p{M}/gu
/** Between a small letter or digit and a capital, and before the last capital of a run: `fetchURLNow`. */
const HUMP = /(?<=[\p{Ll}\p{N}])(?=\p{Lu})|(?<=\p{Lu})(?=\p{Lu}\p{Ll})/u

const HUMPED = /[\p{Ll}\p{N}]\p{Lu}|\p{Lu}{2}\p{Ll}/u

const MAX_REMEMBERED = 50_000
const remembered = new Map<string, string>()

/** The words of a text as the index sees them: letters and digits, lower case, without accents. */
export function wordsOf(text: string): readonly string[] {
  if (ASCII.test(text)) return text.toLowerCase().match(ASCII_WORD) ?? []
  return fold(text).toLowerCase().match(WORD) ?? []
}

/** What a text is found by: its words, then the parts of its identifiers, which so break no phrase. */
export function indexedWords(text: string): readonly string[] {
  return [...wordsOf(text), ...identifierParts(text)]
}

/** The stems of a text's words, in order. */
export function stemsOf(text: string): readonly string[] {
  return wordsOf(text).map(stemOf)
}

/** {@link stem} with a bounded memory, for texts say the same words again and again. */
export function stemOf(word: string): string {
  const known = remembered.get(word)
  if (known !== undefined) return known
  if (remembered.size >= MAX_REMEMBERED) remembered.clear()
  const stemmed = stem(word)
  remembered.set(word, stemmed)
  return stemmed
}

/** The parts of each compound identifier of a text: `generateStaticParams` gives `generate`, `static`, `params`. */
export function identifierParts(text: string): readonly string[] {
  const parts: string[] = []
  if (!HUMPED.test(text)) return parts
  for (const word of fold(text).match(WORD) ?? []) {
    const humps = word.split(HUMP)
    if (humps.length > 1) parts.push(...humps.map((hump) => hump.toLowerCase()))
  }
  return parts
}

function fold(text: string): string {
  return text.normalize('NFKD').replace(MARKS, '')
}
