export type Intent = 'how' | 'what' | 'other'

const HOW =
  /^(?:how (?:do|does|can|could|should|would|to|might)\b|where (?:do|should|can)\b|can i\b|is it possible\b|show me\b)/i
const WHAT = /^(?:what(?:'s| is| are| does| do)?\b|which\b|who\b|define\b|explain\b|describe\b|when\b|why\b)/i

/** Whether a question asks for a way of doing something, for what something is, or neither. */
export function intentOf(question: string): Intent {
  const asked = question.trim().replace(/^(?:(?:so|and|hi|hello|hey|please|also|ok)\b[,.!]?\s*)+/i, '')
  if (HOW.test(asked)) return 'how'
  return WHAT.test(asked) ? 'what' : 'other'
}
