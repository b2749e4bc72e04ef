/** One kind of thing that users own. Both are safe to repeat: whatever broke in the middle is done again. */
export interface Possession {
  readonly name: string
  /** Makes all that is `from`'s `to`'s. */
  give(from: string, to: string): Promise<void>
  /** Removes all that is the user's, for good. */
  remove(userId: string): Promise<void>
}
