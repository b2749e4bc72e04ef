import { wordsOf } from '../library/words.ts'

const WIDTH = 3
/** Share of the smaller text's shingles beyond which two texts say the same. */
const SAME = 0.6

/** The runs of three words of a text; a shorter text is one run. */
export function shinglesOf(text: string): ReadonlySet<string> {
  const words = wordsOf(text)
  const runs = new Set<string>()
  for (let at = 0; at + WIDTH <= words.length; at += 1) runs.add(words.slice(at, at + WIDTH).join(' '))
  return runs.size > 0 ? runs : new Set([words.join(' ')])
}

/** Whether one of the texts says again, nearly word for word, what the other says. */
export function nearDuplicate(a: ReadonlySet<string>, b: ReadonlySet<string>): boolean {
  const [small, large] = a.size <= b.size ? [a, b] : [b, a]
  let shared = 0
  for (const run of small) if (large.has(run)) shared += 1
  return shared >= SAME * small.size
}
