import type { InputAnswer, PendingInput } from '@throughline/protocol'
import type { RunInputEvent } from '@throughline/server'
import type { PlannedLine } from './brief.ts'
import { announce, type Desk } from './desk.ts'
import { PLANNER } from './planner.ts'
import type { RunInputs } from './run-inputs.ts'

/** The `kind` of the request: PROTOCOL.md §3. */
const PLAN_APPROVAL = 'plan_approval'

/** Most lines of inquiry that a person may ask for. */
const MAX_LINES = 8
const MAX_LINE_LENGTH = 300
/** An edited plan that cannot be read is asked for again, so often. */
const MAX_REQUESTS = 5

/** A plan as a person let it pass. */
export type ApprovedPlan =
  | {
      readonly kind: 'go'
      /** Those of the plan that stay. */
      readonly kept: readonly PlannedLine[]
      /** What the person wants looked up beside them, in their words. */
      readonly added: readonly string[]
    }
  | { readonly kind: 'rejected' }

/**
 * Asks the person to approve, edit or reject the plan, and waits. A run that is taken up again, after its owner went
 * away while it waited, goes on waiting for the same request, or takes the answer that came meanwhile.
 */
export async function approvePlan(
  desk: Desk,
  inputs: RunInputs,
  lines: readonly PlannedLine[],
): Promise<ApprovedPlan> {
  const { runId } = desk.scope
  const held = desk.run.conversation.runs.find((run) => run.id === runId)
  for (let request = 1; ; request += 1) {
    const inputId = requestId(runId, request)
    const known = [...(held?.inputs ?? []), ...(held?.answers ?? [])].some(isRequest(inputId))
    if (!known) await ask(desk, inputId, { lines, again: request > 1 })
    const answer = await desk.park((signal) => inputs.answerTo(inputId, signal))
    const approved = readAnswer(answer, lines)
    if (approved !== undefined) return approved
    if (request >= MAX_REQUESTS) return { kind: 'rejected' }
  }
}

function isRequest(inputId: string): (input: PendingInput | InputAnswer) => boolean {
  return (input) => input.inputId === inputId
}

/** The same for the same run, so that whoever takes it up knows what was asked. */
function requestId(runId: string, request: number): string {
  return `plan${String(request)}_${runId.slice(-57)}`
}

async function ask(
  desk: Desk,
  inputId: string,
  { lines, again }: { readonly lines: readonly PlannedLine[]; readonly again: boolean },
): Promise<void> {
  const prompt = again ? desk.words.approveAgain(MAX_LINES) : desk.words.approve
  await announce(desk, {
    type: 'input_requested',
    data: {
      inputId,
      kind: PLAN_APPROVAL,
      prompt,
      agentId: PLANNER.agentId,
      options: {
        decisions: ['approve', 'edit', 'reject'],
        questions: lines.map(({ id, question }) => ({ id, question })),
        maxQuestions: MAX_LINES,
      },
    },
  })
}

/** `undefined` for an answer that cannot be read. */
function readAnswer(
  { decision, value }: RunInputEvent,
  lines: readonly PlannedLine[],
): ApprovedPlan | undefined {
  if (decision === 'approve') return { kind: 'go', kept: lines, added: [] }
  if (decision === 'reject') return { kind: 'rejected' }
  if (decision !== 'edit') return undefined
  const wanted = readQuestions(value)
  if (wanted.length === 0 || wanted.length > MAX_LINES) return undefined
  const kept = lines.filter((line) => wanted.includes(spoken(line.question)))
  const planned = new Set(lines.map((line) => spoken(line.question)))
  return { kind: 'go', kept, added: wanted.filter((question) => !planned.has(question)) }
}

/** `{questions: […]}` or the list itself, of texts or of `{question}`. */
function readQuestions(value: unknown): readonly string[] {
  const listed = fieldOf(value, 'questions') ?? value
  if (!Array.isArray(listed)) return []
  const texts = listed
    .map((entry: unknown) => fieldOf(entry, 'question') ?? entry)
    .filter((entry) => typeof entry === 'string')
    .map(spoken)
    .filter((text) => text !== '')
  return [...new Set(texts)]
}

function fieldOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined
}

function spoken(text: string): string {
  return text.replace(/\s+/g, ' ').trim().slice(0, MAX_LINE_LENGTH)
}
