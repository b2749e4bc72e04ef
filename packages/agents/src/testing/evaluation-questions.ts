import { DEVELOPMENT_QUESTIONS } from '../library/development-questions.ts'
import { GRADED_QUESTIONS } from '../library/questions.ts'

/** The questions of `npm run evaluate` that the bundled documentation answers, as queries to measure with. */
export const EVALUATION_QUESTIONS: readonly string[] = [GRADED_QUESTIONS, DEVELOPMENT_QUESTIONS].flatMap(
  ({ answerable }) => answerable.map(({ question }) => question),
)
