import type { Citation } from '@throughline/protocol'
import { coverageOf, questionTerms } from '../extract/terms.ts'
import type { SearchResult } from '../library/document.ts'
import { REVIEWER } from '../team/quoting-reviewer.ts'
import { runAgent, type Desk } from '../team/desk.ts'
import type { CitationMark } from '../team/citation-marks.ts'
import type { TeamWords } from '../team/words/english.ts'

/** What a model wrote, as far as it can be checked. */
export interface CitedText {
  readonly marks: readonly CitationMark[]
  /** By number; numbers the model made up are missing. */
  readonly citations: ReadonlyMap<number, Citation>
  readonly results: readonly SearchResult[]
}

export interface CitationReview {
  /** Those that stand. */
  readonly citations: readonly Citation[]
  /** Numbers that do not: never given out, or whose quotation is not in the document. */
  readonly dropped: readonly number[]
  /** Numbers whose source shares no word with a sentence that cites it. */
  readonly doubtful: readonly number[]
}

/** A sentence that shares less than this with its source is not borne out by it. */
const BORNE_OUT = 0.05

/** Checks that every cited number exists, that its quotation is in the document now, and that it is to the point. */
export function reviewCitations(
  desk: Desk,
  { marks, citations, results }: CitedText,
): Promise<CitationReview> {
  const numbers = [...new Set(marks.map((mark) => mark.n))]
  return runAgent(desk, { ...REVIEWER, task: desk.words.checkingCitations }, async (agent) => {
    const standing: Citation[] = []
    for (const [index, n] of numbers.entries()) {
      desk.signal.throwIfAborted()
      await agent.progress(index, numbers.length, desk.words.checkingCitation(n))
      const citation = citations.get(n)
      if (citation !== undefined && (await isExact(desk, citation))) standing.push(citation)
    }
    const kept = new Map(standing.map((citation) => [citation.n, citation]))
    const dropped = numbers.filter((n) => !kept.has(n))
    const doubtful = [
      ...new Set(marks.filter((mark) => isDoubtful(mark, kept, results)).map((mark) => mark.n)),
    ]
    return {
      value: { citations: standing, dropped, doubtful },
      summary: desk.words.citationsChecked(standing.length, numbers.length),
      results: { checked: numbers.length, dropped: dropped.length, doubtful: doubtful.length },
    }
  })
}

/** What the reviewer adds below the answer; empty when there is nothing to object to. */
export function reviewNote({ dropped, doubtful }: CitationReview, words: TeamWords): string {
  const notes: string[] = []
  if (dropped.length > 0) notes.push(words.unverified(marked(dropped)))
  if (doubtful.length > 0) notes.push(words.doubtful(marked(doubtful)))
  return notes.length === 0 ? '' : `> ${words.names.reviewer}: ${notes.join(' ')}`
}

async function isExact(
  { library, owners }: Desk,
  { documentId, start, end, quote }: Citation,
): Promise<boolean> {
  const document = await library.getDocument(documentId, owners)
  return quote !== '' && document?.text.slice(start, end) === quote
}

function isDoubtful(
  { n, sentence }: CitationMark,
  kept: ReadonlyMap<number, Citation>,
  results: readonly SearchResult[],
): boolean {
  const citation = kept.get(n)
  const source =
    citation && results.flatMap((result) => result.passages).find((passage) => covers(passage, citation))
  if (citation === undefined || source === undefined || sentence === '') return false
  return (
    coverageOf(questionTerms(sentence, results), `${source.title}\n${source.heading}\n${source.text}`) <
    BORNE_OUT
  )
}

function covers(passage: { documentId: string; start: number; end: number }, citation: Citation): boolean {
  return (
    passage.documentId === citation.documentId &&
    passage.start <= citation.start &&
    citation.end <= passage.end
  )
}

/** Escaped: these are mentions, not citations. */
function marked(numbers: readonly number[]): string {
  return numbers.map((n) => `\\[${String(n)}\\]`).join(', ')
}
