import type { Message } from '@throughline/protocol'
import { answerable } from '../extract/answerable.ts'
import { planQuestions, type PlannedQuestion } from '../extract/plan-questions.ts'
import type { SearchResult } from '../library/document.ts'
import type { Plan } from './brief.ts'
import { runAgent, type Desk } from './desk.ts'
import { isFollowUp, joinQuestions } from './follow-up.ts'

export const PLANNER = { agentId: 'planner', role: 'planner' } as const

export interface PlanRequest {
  readonly question: string
  readonly history: readonly Message[]
}

/** Plans a run. */
export type Planner = (desk: Desk, request: PlanRequest) => Promise<Plan>

/** The model-free planner: a first search shows which lines of inquiry the library can follow. */
export const planByLibrary: Planner = (desk, request) =>
  runAgent(desk, { ...PLANNER, task: desk.words.planning }, async (agent) => {
    await agent.progress(0, 2, desk.words.lookingAround)
    const { question, search } = await understand(desk, request)
    await agent.progress(1, 2, desk.words.choosingLines)
    const lines = planQuestions(question, search, desk.words.plan)
    return { value: { question, lines }, summary: desk.words.planned(lines.length, true) }
  })

/** The plan of a team without a planner: the question as it is. */
export function unplanned(question: string): Plan {
  return { question, lines: [ownLine(question)] }
}

/** A line of inquiry that asks what was asked. */
export function ownLine(question: string): PlannedQuestion {
  const asked = question.replace(/\s+/g, ' ').trim()
  return { facet: 'question', question: asked, query: asked }
}

/** Reads a follow-up together with the question before it, where only both together find something. */
export async function understand(
  { library, owners, signal }: Desk,
  { question, history }: PlanRequest,
): Promise<{ readonly question: string; readonly search: SearchResult }> {
  const search = await library.search({ query: question, owners }, signal)
  const before = history.findLast((message) => message.role === 'user')
  if (before === undefined || !isFollowUp(question) || answerable(search).answerable)
    return { question, search }
  const joined = joinQuestions(before.content, question)
  const wider = await library.search({ query: joined, owners }, signal)
  return answerable(wider).answerable ? { question: joined, search: wider } : { question, search }
}
