import type { Candidate, Ranked } from './rank.ts'

/** What a document's next passage is worth, relative to the one before. */
const REPEAT_DISCOUNT = 0.82

/**
 * Chooses `limit` of the ranked passages, each time the best after a discount for what its document has already been
 * given, so that one long page does not take every place. Passages that say the same are given once.
 */
export function diversify<C extends Candidate>(
  ranked: readonly Ranked<C>[],
  limit: number,
): readonly Ranked<C>[] {
  const left = new Set(withoutRepeats(ranked))
  const taken = new Map<string, number>()
  const chosen: Ranked<C>[] = []
  while (chosen.length < limit && left.size > 0) {
    let best: Ranked<C> | undefined
    let bestValue = -Infinity
    for (const entry of left) {
      const value = entry.score * REPEAT_DISCOUNT ** (taken.get(entry.candidate.documentId) ?? 0)
      if (value > bestValue) [best, bestValue] = [entry, value]
    }
    if (!best) break
    left.delete(best)
    taken.set(best.candidate.documentId, (taken.get(best.candidate.documentId) ?? 0) + 1)
    chosen.push({ ...best, score: bestValue })
  }
  return chosen
}

function withoutRepeats<C extends Candidate>(ranked: readonly Ranked<C>[]): readonly Ranked<C>[] {
  const seen = new Set<string>()
  return ranked.filter(({ candidate }) => {
    const said = candidate.text.replace(/\s+/g, ' ')
    if (seen.has(said)) return false
    seen.add(said)
    return true
  })
}
