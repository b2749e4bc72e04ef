import type { Citation, Message, ResearchQuestion, RunUsage } from '@throughline/protocol'
import type { Finding } from '../extract/compose-answer.ts'
import type { PlannedQuestion } from '../extract/plan-questions.ts'
import type { SearchResult } from '../library/document.ts'

/** What the planner hands over. */
export interface Plan {
  /** What is to be answered: the question as asked, or made whole from what was said before. */
  readonly question: string
  /** Lines of inquiry; the question itself is the first. */
  readonly lines: readonly PlannedQuestion[]
  readonly usage?: RunUsage
}

/** A line of inquiry under its id in the plan, and who follows it. */
export interface PlannedLine extends PlannedQuestion {
  readonly id: string
  readonly agentId: string
}

/** What a researcher brought back for a line. */
export interface LineFinding extends Finding {
  readonly line: PlannedLine
}

/** What a person added while the team was at work, and what was found for it. */
export interface Aside {
  readonly wish: string
  readonly finding: LineFinding | undefined
}

/** What whoever writes the answer is given. */
export interface Brief {
  readonly question: string
  readonly findings: readonly LineFinding[]
  /** What the library holds for the question itself. */
  readonly search: SearchResult
  readonly asides: readonly Aside[]
  /** What was said before on this branch, oldest first. */
  readonly history: readonly Message[]
  /** The partial answer to go on from. */
  readonly partial: Message | undefined
  /** Asks for what was added since, researched; empty when nothing was. */
  readonly takeAsides: () => Promise<readonly Aside[]>
}

/** What was written, once the reviewer let it pass. */
export interface Written {
  /** Those that stand. */
  readonly citations: readonly Citation[]
  /** Citations or statements that the reviewer did not let pass. */
  readonly flagged: number
  /** `false` when nobody checked. */
  readonly reviewed: boolean
  readonly usage?: RunUsage
}

/** The plan as it is shown. */
export function shownQuestion({ id, question, agentId }: PlannedLine): ResearchQuestion {
  return { id, question, agentId }
}
