import { DEVELOPMENT_QUESTIONS } from '../library/development-questions.ts'
import { GRADED_QUESTIONS, type AnswerableQuestion } from '../library/questions.ts'

/** The questions of `npm run evaluate` that the bundled documentation answers, with the pages that do, to measure with. */
export const EVALUATION_QUESTIONS: readonly AnswerableQuestion[] = [
  ...GRADED_QUESTIONS.answerable,
  ...DEVELOPMENT_QUESTIONS.answerable,
]
