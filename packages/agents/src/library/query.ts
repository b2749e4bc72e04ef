import { asksForDefinition } from './definition.ts'
import { isStopWord } from './stop-words.ts'
import { synonymsOf } from './synonyms.ts'
import { identifierParts, stemOf, wordsOf } from './words.ts'

/** A word of a question that says what it is about. */
export interface AnalysedTerm {
  readonly word: string
  readonly stem: string
  /** Words or phrases accepted in its place: an identifier's parts, synonyms. Letters, digits and spaces only. */
  readonly alternatives: readonly string[]
  /** Written as a name, with a capital inside a sentence: nothing else can be meant by it. */
  readonly named: boolean
}

/** What a text asks for: its terms and which of them stand side by side in it. */
export interface AnalysedQuery {
  readonly terms: readonly AnalysedTerm[]
  /** Stems of informative words that stand together, in order. */
  readonly pairs: readonly (readonly [string, string])[]
  /** Whether it asks what something is. */
  readonly definitional: boolean
}

const MAX_CHARACTERS = 2_000
const MAX_TERMS = 24
const MAX_BETWEEN = 2

/**
 * Reads any text as a query. Stop words go, unless nothing else is left; identifiers are also read by their parts;
 * at most 24 distinct terms count.
 */
export function analyseQuery(text: string): AnalysedQuery {
  const read = text.slice(0, MAX_CHARACTERS)
  const words = wordsOf(read)
  const informative = words.filter((word) => !isStopWord(word))
  const spoken = informative.length > 0 ? informative : words
  const spelt = new Map(identifiersOf(read))
  const names = namesIn(read)
  const terms = new Map<string, AnalysedTerm>()
  for (const word of spoken) {
    const stem = stemOf(word)
    if (terms.has(stem) || terms.size >= MAX_TERMS) continue
    const alternatives = [spelt.get(word) ?? [], synonymsOf(stem), phraseSynonyms(word, words)].flat()
    terms.set(stem, { word, stem, alternatives: [...new Set(alternatives)], named: names.has(word) })
  }
  return { terms: [...terms.values()], pairs: neighbours(words), definitional: asksForDefinition(read) }
}

/**
 * The full-text expression that matches any of the terms. Every one is a quoted run of words, so
 * nothing a person types can be read as an operator. `null` when there is nothing to look for.
 */
export function matchExpression(terms: readonly AnalysedTerm[]): string | null {
  const words = new Set(terms.flatMap((term) => [term.word, ...term.alternatives]))
  return words.size === 0 ? null : [...words].map((word) => `"${word}"`).join(' OR ')
}

/** Each compound identifier of a text with its parts as a phrase: `useRouter` may be spelt `use router`. */
function* identifiersOf(text: string): Generator<[string, string]> {
  for (const token of text.split(/[^\p{L}\p{N}]+/u)) {
    const parts = identifierParts(token)
    const whole = wordsOf(token)[0]
    if (whole !== undefined && parts.length > 0) yield [whole, parts.join(' ')]
  }
}

/** Words with a capital that does not begin a sentence; a text that shouts has no names. */
function namesIn(text: string): ReadonlySet<string> {
  if (!/\p{Ll}/u.test(text)) return new Set()
  const inside = [...text.matchAll(/(?<=[\p{L}\p{N},;:)"'”’]\s+["'“‘(]?)\p{Lu}[\p{L}\p{N}]*/gu)]
  return new Set(inside.flatMap(([name]) => wordsOf(name)))
}

/** Synonyms of a phrase are alternatives to either of its words. */
function phraseSynonyms(word: string, words: readonly string[]): readonly string[] {
  const found: string[] = []
  for (const [index, first] of words.entries()) {
    const second = words[index + 1]
    if (second === undefined || (first !== word && second !== word)) continue
    found.push(...synonymsOf(`${stemOf(first)} ${stemOf(second)}`))
  }
  return found
}

/** Informative words that follow each other with nothing but a stop word or two between. */
function neighbours(words: readonly string[]): readonly (readonly [string, string])[] {
  const pairs: (readonly [string, string])[] = []
  let before: { word: string; index: number } | undefined
  for (const [index, word] of words.entries()) {
    if (isStopWord(word)) continue
    if (before && index - before.index <= MAX_BETWEEN + 1) pairs.push([stemOf(before.word), stemOf(word)])
    before = { word, index }
  }
  return pairs
}
