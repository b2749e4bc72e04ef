import type { RunUsage } from '@throughline/protocol'
import { announcePlan, announceResults } from './announcements.ts'
import type { Aside, LineFinding, PlannedLine } from './brief.ts'
import type { Desk } from './desk.ts'
import { ownLine, unplanned, type Planner } from './planner.ts'
import type { Author } from './quoting-author.ts'
import { assignLines, MAX_RESEARCHERS, research } from './researcher.ts'
import type { RunInputs } from './run-inputs.ts'
import { historyOf, partialOf, questionOf } from './run-scope.ts'
import { addUsage } from './usage.ts'

/** The parts that differ between a team with a model and one without. */
export interface Crew {
  readonly planner: Planner
  readonly author: Author
}

/** Messages of the branch that are looked back on. */
const HISTORY = 12

/** One run from the question to `research_completed`: plan, research, write and check, tell the results. */
export async function answerRun(desk: Desk, crew: Crew, inputs: RunInputs): Promise<RunUsage | undefined> {
  const { run, without } = desk
  const asked = questionOf(run)
  const history = historyOf(run, HISTORY)
  const planned = without.has('planner')
    ? unplanned(asked.content)
    : await crew.planner(desk, { question: asked.content, history })
  const lines = [...assignLines(planned.lines)]
  // A step in which a person approves or edits the plan has its place here: ask by `input_requested`, go on with
  // what `run.writer.inputs()` brings for that `inputId`.
  await announcePlan(desk, lines)
  const documents = new Set(asked.attachments.map((attachment) => attachment.documentId))
  const lookUp = (wanted: readonly PlannedLine[]) =>
    without.has('researcher') ? Promise.resolve([]) : research(desk, wanted, documents)
  const findings: LineFinding[] = [...(await lookUp(lines))]

  const takeAsides = async (): Promise<readonly Aside[]> => {
    const wishes = inputs.takeSteering()
    if (wishes.length === 0) return []
    const from = { firstLine: lines.length + 1, firstResearcher: MAX_RESEARCHERS + 1 }
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
  const written = await crew.author(desk, {
    question: planned.question,
    search: findings[0]?.result ?? { terms: [], passages: [] },
    findings: [...findings],
    asides: [],
    history,
    partial: partialOf(run),
    takeAsides,
  })
  await announceResults(desk, findings, written)
  return addUsage(planned.usage, written.usage)
}
