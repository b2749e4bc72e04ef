/** What a mail says, in the order in which it is read. */
export interface LetterText {
  readonly subject: string
  readonly paragraphs: readonly string[]
  /** What the link does; absent when there is none. */
  readonly action?: string
  readonly after: readonly string[]
  /** What another link, which has no secret, does. */
  readonly second?: string
  readonly end?: readonly string[]
}

/** Every mail there is. */
export type LetterName = 'confirm' | 'taken' | 'reset' | 'unknown' | 'changed'

export type LetterSentences = Readonly<Record<LetterName, LetterText>>
