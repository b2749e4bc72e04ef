import type { Message } from '@throughline/protocol'
import type { RankedPassage } from '../library/document.ts'
import type { Prompt } from './research-model.ts'

const INSTRUCTIONS = [
  'You plan research in a document library that is searched by words.',
  'Answer with a JSON array of 2 to 4 strings and nothing else.',
  'Each string is one self-contained search question that helps to answer the user’s question;',
  'the first restates the whole question so that it is understood without the conversation.',
  'Write them in the language of the question; names and terms stay as the pages of the library spell them.',
].join(' ')

const MAX_QUESTIONS = 4
/** A longer answer is no list of questions. */
const MAX_ANSWER_LENGTH = 20_000
const MAX_QUESTION_LENGTH = 300
const HISTORY_LENGTH = 600

/** Asks for sub-questions, showing what a first search met. */
export function planPrompt(
  question: string,
  history: readonly Message[],
  passages: readonly RankedPassage[],
): Prompt {
  const titles = [...new Set(passages.map((passage) => passage.title))].slice(0, 8)
  const before = history.slice(-4).map(({ role, content }) => `${role}: ${content.slice(0, HISTORY_LENGTH)}`)
  const parts = [`Question: ${question}`]
  if (before.length > 0) parts.push(`Said before:\n${before.join('\n')}`)
  if (titles.length > 0) parts.push(`Pages that a first search met: ${titles.join('; ')}`)
  return { instructions: INSTRUCTIONS, messages: [{ role: 'user', content: parts.join('\n\n') }] }
}

/**
 * The sub-questions in a model's answer: its first JSON array of strings, also within prose or a code fence, or of
 * objects with a `question`. Empty when there is none.
 */
export function readPlan(answer: string): readonly string[] {
  const listed = jsonArrayIn(answer)
  const questions = listed
    .map((entry) => (isRecord(entry) ? entry['question'] : entry))
    .filter((entry) => typeof entry === 'string')
    .map((entry) => entry.replace(/\s+/g, ' ').trim().slice(0, MAX_QUESTION_LENGTH))
    .filter((entry) => entry !== '')
  return [...new Set(questions)].slice(0, MAX_QUESTIONS)
}

function jsonArrayIn(text: string): readonly unknown[] {
  // From each `[` to each `]` after it, the longest first, few and short enough to try.
  const tried = text.slice(0, MAX_ANSWER_LENGTH)
  const starts = positions(tried, '[').slice(0, 5)
  const ends = positions(tried, ']').slice(-10).reverse()
  for (const start of starts) {
    for (const end of ends) {
      const parsed = end > start ? parse(tried.slice(start, end + 1)) : undefined
      if (Array.isArray(parsed)) return parsed
    }
  }
  return []
}

function positions(text: string, character: '[' | ']'): readonly number[] {
  const found: number[] = []
  for (let at = text.indexOf(character); at >= 0; at = text.indexOf(character, at + 1)) found.push(at)
  return found
}

function parse(json: string): unknown {
  try {
    return JSON.parse(json)
  } catch {
    return undefined
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null
}
