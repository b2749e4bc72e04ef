/**
 * Porter's stemmer ("An algorithm for suffix stripping", 1980), as SQLite's `porter` tokenizer applies it, so that a
 * word matched here is a word matched by the index.
 */
export function stem(word: string): string {
  if (word.length < 3 || word.length > MAX_STEMMED) return word
  return dropFinalE(dropEnding(replace(replace(finalY(pastAndParticiple(plural(word))), STEP_2), STEP_3)))
}

const MAX_STEMMED = 64

type Rules = readonly (readonly [suffix: string, replacement: string])[]

const STEP_2: Rules = [
  ['ational', 'ate'],
  ['tional', 'tion'],
  ['enci', 'ence'],
  ['anci', 'ance'],
  ['izer', 'ize'],
  ['logi', 'log'],
  ['bli', 'ble'],
  ['alli', 'al'],
  ['entli', 'ent'],
  ['eli', 'e'],
  ['ousli', 'ous'],
  ['ization', 'ize'],
  ['ation', 'ate'],
  ['ator', 'ate'],
  ['alism', 'al'],
  ['iveness', 'ive'],
  ['fulness', 'ful'],
  ['ousness', 'ous'],
  ['aliti', 'al'],
  ['iviti', 'ive'],
  ['biliti', 'ble'],
]

const STEP_3: Rules = [
  ['icate', 'ic'],
  ['ative', ''],
  ['alize', 'al'],
  ['iciti', 'ic'],
  ['ical', 'ic'],
  ['ful', ''],
  ['ness', ''],
]

const STEP_4 = /(?:ement|ance|ence|able|ible|ment|ant|ent|ism|ate|iti|ous|ive|ize|al|er|ic|ou|(?<=[st])ion)$/

/** The word as a string of `v` (vowel) and `c`; `y` is a vowel after a consonant. */
function shape(word: string): string {
  let shaped = ''
  for (const letter of word) {
    const vowel = 'aeiou'.includes(letter) || (letter === 'y' && shaped.endsWith('c'))
    shaped += vowel ? 'v' : 'c'
  }
  return shaped
}

/** Porter's measure: how often a vowel run is followed by a consonant run. */
function measure(word: string): number {
  return shape(word).match(/v+c+/g)?.length ?? 0
}

function hasVowel(word: string): boolean {
  return shape(word).includes('v')
}

/** Consonant, vowel, consonant at the end, the last not w, x or y: `hop`, not `snow`. */
function endsShort(word: string): boolean {
  return shape(word).endsWith('cvc') && !/[wxy]$/.test(word)
}

function plural(word: string): string {
  if (/.(?:ss|i)es$/.test(word)) return word.slice(0, -2)
  return /[^s]s$/.test(word) ? word.slice(0, -1) : word
}

function pastAndParticiple(word: string): string {
  if (/.eed$/.test(word)) return measure(word.slice(0, -3)) > 0 ? word.slice(0, -1) : word
  const base = word.replace(/(?:ed|ing)$/, '')
  if (base === word || !hasVowel(base)) return word
  if (/(?:at|bl|iz)$/.test(base)) return `${base}e`
  if (/([^aeiou])\1$/.test(base) && !/[lsz]$/.test(base)) return base.slice(0, -1)
  return measure(base) === 1 && endsShort(base) ? `${base}e` : base
}

function finalY(word: string): string {
  return word.endsWith('y') && hasVowel(word.slice(0, -1)) ? `${word.slice(0, -1)}i` : word
}

function replace(word: string, rules: Rules): string {
  const rule = rules.find(([suffix]) => word.length > suffix.length && word.endsWith(suffix))
  if (!rule) return word
  const base = word.slice(0, -rule[0].length)
  return measure(base) > 0 ? base + rule[1] : word
}

function dropEnding(word: string): string {
  const base = word.replace(STEP_4, '')
  return base !== word && measure(base) > 1 ? base : word
}

function dropFinalE(word: string): string {
  const base = word.endsWith('e') ? word.slice(0, -1) : word
  const length = measure(base)
  const shorter = length > 1 || (length === 1 && !endsShort(base)) ? base : word
  return shorter.endsWith('ll') && measure(shorter.slice(0, -1)) > 1 ? shorter.slice(0, -1) : shorter
}
