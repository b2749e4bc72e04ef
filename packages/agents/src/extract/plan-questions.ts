import type { RankedPassage, SearchResult } from '../library/document.ts'
import { plainText } from '../library/plain-text.ts'
import { isStopWord } from '../library/stop-words.ts'
import { stemOf, stemsOf, wordsOf } from '../library/words.ts'
import { intentOf } from './intent.ts'

export type Facet = 'question' | 'meaning' | 'use' | 'section'

/** One line of inquiry: what a person reads in the plan, and what is searched for. */
export interface PlannedQuestion {
  readonly facet: Facet
  readonly question: string
  readonly query: string
}

/** How the plan's lines are worded; replace it to translate them. */
export interface PlanWording {
  readonly meaning: (topic: string) => string
  readonly use: (topic: string) => string
  readonly section: (title: string) => string
}

export const PLAN_WORDING: PlanWording = {
  meaning: (topic) => `What is meant by “${topic}”?`,
  use: (topic) => `How is “${topic}” used, and is there an example?`,
  section: (title) => `What does “${title}” add?`,
}

const MAX_QUESTIONS = 4
const MAX_TOPIC_WORDS = 4
/** A page is worth a line of its own when it covers this share of the question. */
const WORTH = 0.5

/**
 * Plans 2 to 4 lines of inquiry: the question itself, what its topic means or how it is used, and the sections of
 * other pages that a first search of it met. The same input gives the same plan.
 */
export function planQuestions(
  question: string,
  search: SearchResult,
  wording: PlanWording = PLAN_WORDING,
): readonly PlannedQuestion[] {
  const asked = question.replace(/\s+/g, ' ').trim()
  const plan: PlannedQuestion[] = [{ facet: 'question', question: asked, query: asked }]
  const topic = topicOf(asked, search)
  if (topic !== '') {
    if (intentOf(asked) === 'what')
      plan.push({ facet: 'use', question: wording.use(topic), query: `${topic} example` })
    else plan.push({ facet: 'meaning', question: wording.meaning(topic), query: topic })
  }
  for (const title of sectionsOf(search.passages)) {
    if (plan.length >= MAX_QUESTIONS) break
    plan.push({ facet: 'section', question: wording.section(title), query: `${topic} ${title}`.trim() })
  }
  return plan
}

/** The run of informative words, as the person spelt them, that says most; only words the library knows count. */
function topicOf(question: string, search: SearchResult): string {
  const weights = new Map(search.terms.map((term) => [term.stem, term.documents > 0 ? term.weight : 0]))
  const weigh = (word: string): number => Math.max(0, ...stemsOf(word).map((stem) => weights.get(stem) ?? 0))
  let best: readonly string[] = []
  let bestWeight = 0
  for (const run of runsOf(question)) {
    const kept = run.slice(-MAX_TOPIC_WORDS)
    const weight = kept.reduce((sum, word) => sum + weigh(word), 0)
    if (weight > bestWeight) [best, bestWeight] = [kept, weight]
  }
  return best.join(' ')
}

function runsOf(question: string): readonly (readonly string[])[] {
  const runs: string[][] = [[]]
  for (const spelt of question.split(/\s+/)) {
    const word = spelt.replace(/^[^\p{L}\p{N}]+|[^\p{L}\p{N}]+$/gu, '')
    const informative = wordsOf(word).some((part) => !isStopWord(part))
    if (informative) runs.at(-1)?.push(word)
    if (!informative || /[,;:.!?]$/.test(spelt)) runs.push([])
  }
  return runs.filter((run) => run.length > 0)
}

/** Names of what the best passages of different pages are about, each saying something the ones before did not. */
function sectionsOf(passages: readonly RankedPassage[]): readonly string[] {
  const documents = new Set<string>()
  const said = new Set<string>()
  const titles: string[] = []
  for (const passage of passages) {
    if (documents.has(passage.documentId) || passage.coverage < WORTH) continue
    documents.add(passage.documentId)
    const title = plainText(passage.title)
    const stems = wordsOf(title)
      .filter((word) => !isStopWord(word))
      .map(stemOf)
    if (titles.length > 0 && stems.every((stem) => said.has(stem))) continue
    for (const stem of stems) said.add(stem)
    titles.push(title)
  }
  return titles.slice(1)
}
