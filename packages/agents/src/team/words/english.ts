import { ANSWER_WORDING } from '../../extract/write-answer.ts'
import { DECLINE_WORDING } from '../../extract/decline-answer.ts'
import { PLAN_WORDING } from '../../extract/plan-questions.ts'

/** Everything that the research team says of its own, around what it quotes or what a model writes. */
export const english = {
  names: { planner: 'Planner', researcher: 'Researcher', writer: 'Writer', reviewer: 'Reviewer' },
  /** Around quotations, in a plan, and where the library holds no answer. */
  answer: ANSWER_WORDING,
  plan: PLAN_WORDING,
  decline: DECLINE_WORDING,
  planning: 'Planning the research',
  lookingAround: 'Looking for what the library holds',
  choosingLines: 'Choosing lines of inquiry',
  askingForLines: 'Asking the model for lines of inquiry',
  planned: (lines: number, byModel: boolean) =>
    `${String(lines)} lines of inquiry${byModel ? '' : ', planned without the model'}`,
  lookingThrough: 'Looking through the library',
  found: (passages: number, documents: number, calls: number) => {
    const looked = calls === 0 ? '' : `, after ${counted(calls, 'look-up')} of the model`
    return passages === 0
      ? `Found nothing${looked}`
      : `${String(passages)} passages from ${String(documents)} documents${looked}`
  },
  composing: 'Composing the answer',
  writing: 'Writing the answer',
  waitingForModel: 'Waiting for the model',
  waitingForReviewer: 'Waiting for the reviewer',
  nothingToQuote: 'Nothing to quote',
  quoted: (sources: number) => `Quoted ${String(sources)} sources`,
  cited: (citations: number) => `${String(citations)} citations`,
  checkingQuotes: 'Checking every quotation',
  comparing: (title: string | undefined) => `Comparing with ${title ?? 'its source'}`,
  quotesChecked: (checked: number, dropped: number) =>
    dropped === 0 ? `${String(checked)} quotations hold` : `${String(dropped)} of ${String(checked)} dropped`,
  checkingCitations: 'Checking every citation',
  checkingCitation: (n: number) => `Checking citation ${String(n)}`,
  citationsChecked: (standing: number, all: number) => `${String(standing)} of ${String(all)} citations hold`,
  /** Below an answer, about citations, as they are written there. */
  unverified: (marks: string) => `${marks} could not be verified and stand for no source.`,
  doubtful: (marks: string) => `${marks} may not support what they are cited for.`,
  couldNotFinish: 'Could not finish',
  /** All of what an answer rests on, once it is complete. */
  results: (citations: number, sources: number, flagged: number | undefined) => {
    const review =
      flagged === undefined ? 'not reviewed' : flagged > 0 ? `${String(flagged)} flagged` : 'all checked'
    return `${counted(citations, 'citation')} from ${counted(sources, 'source')}, ${review}`
  },
  approve: 'Approve the plan, or change what is looked up.',
  approveAgain: (most: number) =>
    `That plan could not be read: send 1 to ${String(most)} questions. Approve the plan, or edit it.`,
  rejected: 'The plan was rejected, so nothing was looked up.',
  nothingSearched: 'No researcher took part: nothing was looked up, so nothing is answered.',
  nobodyWrote: 'No writer took part, and nothing was found to quote.',
  allDropped: 'The reviewer dropped every quotation that was found, so nothing is answered.',
  onWish: (wish: string, remark: string) => `On “${wish}”: ${remark}`,
  cutByLength: 'The model’s length limit ended this answer here.',
  cutByFilter: 'The model provider’s filter ended this answer here.',
  tryingAgain: (busy: boolean, seconds: number) =>
    `${busy ? 'The model is busy' : 'The model failed'}; trying again in ${String(seconds)} s`,
}

function counted(count: number, noun: string): string {
  return `${String(count)} ${noun}${count === 1 ? '' : 's'}`
}

/** What the team says, in one language. */
export type TeamWords = typeof english
