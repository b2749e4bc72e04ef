const OPENS = /^(?:and|but|also|what about|how about|what else|why|more)\b/i
const REFERS = /\b(?:it|its|that|this|these|those|they|them|there|the same|instead)\b/i

/** Whether a question seems to need what was said before to be understood. */
export function isFollowUp(question: string): boolean {
  const asked = question.trim()
  return OPENS.test(asked) || REFERS.test(asked)
}

/** The question with the one before it, for a search that has to understand both. */
export function joinQuestions(before: string, question: string): string {
  const last = before.trim()
  return `${last}${/[.?!]$/.test(last) ? '' : '.'} ${question.trim()}`
}
