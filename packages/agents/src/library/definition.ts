import { stemsOf } from './words.ts'

const ASKS =
  /^\W*(?:so |and |hi,? |hello,? |please |ok,? )*(?:what(?:'s|’s| is| are| does| do)\b|define\b|explain\b|meaning of\b)/i
const DEFINING: ReadonlySet<string> = new Set(
  'is are means allows lets enables provides defines refers represents describes marks'
    .split(' ')
    .flatMap(stemsOf),
)
/** The subject of a definition is among the first words of its text, */
const SUBJECT_WITHIN = 8
/** and the verb follows it closely. */
const VERB_WITHIN = 3

/** Whether a question asks what something is or does. */
export function asksForDefinition(question: string): boolean {
  return ASKS.test(question)
}

/** Whether a text, given as stems, opens by saying what one of the subjects is or does. */
export function opensWithDefinition(stems: readonly string[], subjects: ReadonlySet<string>): boolean {
  return stems.slice(0, SUBJECT_WITHIN).some((stem, index) => {
    const after = stems.slice(index + 1, index + 1 + VERB_WITHIN)
    return subjects.has(stem) && after.some((next) => DEFINING.has(next))
  })
}
