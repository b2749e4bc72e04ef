import type { RunUsage } from '@throughline/protocol'
import type { OwnedRun } from '@throughline/server'
import { announcePlan } from './announcements.ts'
import { startAnswer } from './answer-stream.ts'
import type { Plan, PlannedLine } from './brief.ts'
import type { Desk } from './desk.ts'
import { approvePlan } from './plan-approval.ts'
import { ownLine, PLANNER, unplanned, type Planner, type PlanRequest } from './planner.ts'
import { assignLines } from './researcher.ts'
import type { RunInputs } from './run-inputs.ts'

/** What is to be looked up, once nobody objects. */
export interface RunPlan {
  readonly question: string
  readonly lines: readonly PlannedLine[]
  /** What the person put into the plan, in their words. */
  readonly added: readonly string[]
  /** Number of the next line: those that were dropped keep theirs. */
  readonly nextLine: number
  readonly usage: RunUsage | undefined
}

/** Plans, tells the plan, and has it approved where that was asked for. */
export async function settlePlan(
  desk: Desk,
  planner: Planner,
  { request, inputs }: { readonly request: PlanRequest; readonly inputs: RunInputs },
): Promise<RunPlan | { readonly rejected: true; readonly usage: RunUsage | undefined }> {
  const { run, without } = desk
  const told = toldPlan(run)
  const plan = told ?? (await (without.has('planner') ? unplanned(request.question) : planner(desk, request)))
  const lines = assignLines(plan.lines)
  if (told === undefined) await announcePlan(desk, lines)
  const { question, usage } = plan
  const settled = { question, lines, added: [], nextLine: lines.length + 1, usage }
  if (run.input.options?.approvePlan !== true || without.has('planner')) return settled
  const approved = await approvePlan(desk, inputs, lines)
  if (approved.kind === 'rejected') return { rejected: true, usage }
  const { kept, added } = approved
  if (kept.length < lines.length && added.length === 0) await announcePlan(desk, kept)
  const asked = kept[0] === lines[0] ? question : (kept[0]?.question ?? question)
  return { ...settled, question: asked, lines: kept, added }
}

/** The plan that the run has been told: only one that waited for a person comes to another owner with a plan. */
function toldPlan({ runId, conversation }: OwnedRun): Plan | undefined {
  const told = conversation.runs.find((run) => run.id === runId)?.plan ?? []
  const [first] = told
  if (first === undefined) return undefined
  return { question: first.question, lines: told.map((line) => ownLine(line.question)) }
}

/** The answer to a plan that a person did not want. */
export async function answerRejected({ run, scope, words }: Desk): Promise<void> {
  const answer = await startAnswer({ writer: run.writer, scope, agentId: PLANNER.agentId })
  await answer.write(words.rejected)
  await answer.complete([], run.sessionId)
}
