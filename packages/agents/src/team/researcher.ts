import type { RunUsage } from '@throughline/protocol'
import { answerable } from '../extract/answerable.ts'
import type { SearchResult } from '../library/document.ts'
import type { AgentReporter } from './agent-reporter.ts'
import type { LineFinding, PlannedLine } from './brief.ts'
import { runAgent, type Desk } from './desk.ts'
import { addUsage } from './usage.ts'

/** Most researchers that work on a plan side by side. */
export const MAX_RESEARCHERS = 3
/** Passages looked at when a person pointed to documents: those alone are taken where they hold an answer. */
const ATTACHED_LIMIT = 60

/** Gives every line of inquiry to a researcher, in turn; there are two or more wherever there are two lines. */
export function assignLines(
  lines: readonly Omit<PlannedLine, 'id' | 'agentId'>[],
  options: { readonly firstLine?: number; readonly firstResearcher?: number } = {},
): readonly PlannedLine[] {
  const { firstLine = 1, firstResearcher = 1 } = options
  const researchers = Math.min(MAX_RESEARCHERS, lines.length)
  return lines.map((line, index) => ({
    ...line,
    id: `q${String(firstLine + index)}`,
    agentId: `researcher-${String(firstResearcher + (index % researchers))}`,
  }))
}

/** A line of inquiry, and what whoever follows it works with. */
export interface LineTask {
  readonly line: PlannedLine
  /** Documents that the person pointed to. */
  readonly documents: ReadonlySet<string>
  readonly agent: AgentReporter
  /** Tells what is done now, after a share, 0 to 1, of this line. */
  readonly tell: (share: number, task: string) => Promise<void>
}

/** What was found for a line. */
export interface LineResearch {
  readonly result: SearchResult
  /** Calls of tools that a model made for it. */
  readonly calls: number
  readonly usage?: RunUsage
}

/** Follows one line of inquiry. */
export type LineResearcher = (desk: Desk, task: LineTask) => Promise<LineResearch>

/** The model-free researcher: one search. */
export const researchByLibrary: LineResearcher = async (desk, task) => ({
  result: await searchLine(desk, task, task.line.query),
  calls: 0,
})

/** What all researchers brought back. */
export interface Research {
  /** In the order of the plan. */
  readonly findings: readonly LineFinding[]
  readonly usage: RunUsage | undefined
}

export interface ResearchOptions {
  readonly researcher: LineResearcher
  readonly documents: ReadonlySet<string>
}

/** Follows all lines, the researchers side by side, and hands over what they found in the order of the plan. */
export async function research(
  desk: Desk,
  lines: readonly PlannedLine[],
  options: ResearchOptions,
): Promise<Research> {
  const byAgent = Map.groupBy(lines, (line) => line.agentId)
  // Nobody goes on asking, or telling, behind the back of a run that failed.
  const failed = new AbortController()
  const own = { ...desk, signal: AbortSignal.any([desk.signal, failed.signal]) }
  const working = [...byAgent].map(async ([agentId, assigned]) => {
    try {
      return await researchLines(own, { agentId, lines: assigned, ...options })
    } catch (error) {
      failed.abort(error)
      throw error
    }
  })
  await Promise.allSettled(working)
  const found = (await Promise.all(working)).flat()
  const results = new Map(found.map(({ finding }) => [finding.line.id, finding]))
  return {
    findings: lines.flatMap((line) => results.get(line.id) ?? []),
    usage: found.reduce<RunUsage | undefined>((sum, { usage }) => addUsage(sum, usage), undefined),
  }
}

interface Assignment extends ResearchOptions {
  readonly agentId: string
  readonly lines: readonly PlannedLine[]
}

interface Found {
  readonly finding: LineFinding
  readonly calls: number
  readonly usage: RunUsage | undefined
}

function researchLines(
  desk: Desk,
  { agentId, lines, documents, researcher }: Assignment,
): Promise<readonly Found[]> {
  const number = Number(agentId.split('-')[1])
  const task = lines.map((line) => line.question).join(' · ')
  return runAgent(desk, { agentId, role: 'researcher', number, task }, async (agent) => {
    const found: Found[] = []
    for (const [index, line] of lines.entries()) {
      desk.signal.throwIfAborted()
      await agent.progress(index, lines.length, line.question)
      const tell = (share: number, now: string) => agent.progress(index + share, lines.length, now)
      const { result, calls, usage } = await researcher(desk, { line, documents, agent, tell })
      found.push({ finding: { line, question: line.question, result }, calls, usage })
    }
    return { value: found, ...summaryOf(desk, found) }
  })
}

/** Searches for a line in the documents that the person pointed to where those hold an answer, else in all. */
export async function searchLine(
  { library, owners, signal }: Desk,
  { documents }: Pick<LineTask, 'documents'>,
  query: string,
): Promise<SearchResult> {
  if (documents.size === 0) return library.search({ query, owners }, signal)
  const wide = await library.search({ query, owners, limit: ATTACHED_LIMIT }, signal)
  const attached = { ...wide, passages: wide.passages.filter((passage) => documents.has(passage.documentId)) }
  return answerable(attached).answerable ? attached : library.search({ query, owners }, signal)
}

function summaryOf({ words }: Desk, found: readonly Found[]) {
  const passages = found.flatMap(({ finding }) => finding.result.passages)
  const titles = [...new Set(passages.map((passage) => passage.title))]
  const calls = found.reduce((sum, one) => sum + one.calls, 0)
  const summary = words.found(passages.length, titles.length, calls)
  return { summary, results: { titles: titles.slice(0, 10), passages: passages.length, calls } }
}
