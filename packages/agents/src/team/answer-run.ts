import type { RunUsage } from '@throughline/protocol'
import { announcePlan, announceResults } from './announcements.ts'
import type { Aside, LineFinding, PlannedLine } from './brief.ts'
import type { Desk } from './desk.ts'
import { ownLine, type Planner } from './planner.ts'
import type { Author } from './quoting-author.ts'
import { assignLines, MAX_RESEARCHERS, research, type LineResearcher } from './researcher.ts'
import type { RunInputs } from './run-inputs.ts'
import { answerRejected, settlePlan } from './run-plan.ts'
import { historyOf, partialOf, questionOf } from './run-scope.ts'
import { addUsage } from './usage.ts'

/** The parts that differ between a team with a model and one without. */
export interface Crew {
  readonly planner: Planner
  readonly researcher: LineResearcher
  readonly author: Author
}

/** Messages of the branch that are looked back on. */
const HISTORY = 12

/** One run from the question to `research_completed`: plan, research, write and check, tell the results. */
export async function answerRun(desk: Desk, crew: Crew, inputs: RunInputs): Promise<RunUsage | undefined> {
  const { run, without } = desk
  const asked = questionOf(run)
  const history = historyOf(run, HISTORY)
  const request = { question: asked.content, history }
  const plan = await settlePlan(desk, crew.planner, { request, inputs })
  if ('rejected' in plan) {
    await answerRejected(desk)
    return plan.usage
  }
  const { question, added: wanted } = plan
  let { usage } = plan
  const lines = [...plan.lines]
  let { nextLine } = plan
  const documents = new Set(asked.attachments.map((attachment) => attachment.documentId))
  const { researcher } = crew
  const lookUp = async (lines: readonly PlannedLine[]): Promise<readonly LineFinding[]> => {
    if (without.has('researcher')) return []
    const found = await research(desk, lines, { researcher, documents })
    usage = addUsage(usage, found.usage)
    return found.findings
  }
  const findings: LineFinding[] = [...(await lookUp(lines))]

  const follow = async (wishes: readonly string[]): Promise<readonly Aside[]> => {
    if (wishes.length === 0) return []
    const from = { firstLine: nextLine, firstResearcher: MAX_RESEARCHERS + 1 }
    nextLine += wishes.length
    const added = assignLines(wishes.map(ownLine), from)
    lines.push(...added)
    await announcePlan(desk, lines)
    const found = await lookUp(added)
    findings.push(...found)
    return wishes.map((wish, index) => ({
      wish,
      finding: found.find(({ line }) => line.id === added[index]?.id),
    }))
  }
  const main = [...findings]
  const asides = await follow(wanted)
  const written = await crew.author(desk, {
    question,
    search: main[0]?.result ?? { terms: [], passages: [] },
    findings: main,
    asides,
    history,
    partial: partialOf(run),
    takeAsides: () => follow(inputs.takeSteering()),
  })
  await announceResults(desk, findings, written)
  return addUsage(usage, written.usage)
}
