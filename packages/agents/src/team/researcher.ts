import { answerable } from '../extract/answerable.ts'
import type { SearchResult } from '../library/document.ts'
import type { LineFinding, PlannedLine } from './brief.ts'
import { runAgent, type Desk } from './desk.ts'

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

/** Follows all lines, the researchers side by side, and hands over what they found in the order of the plan. */
export async function research(
  desk: Desk,
  lines: readonly PlannedLine[],
  documents: ReadonlySet<string> = new Set(),
): Promise<readonly LineFinding[]> {
  const byAgent = Map.groupBy(lines, (line) => line.agentId)
  const found = await Promise.all(
    [...byAgent].map(([agentId, own]) => researchLines(desk, { agentId, lines: own, documents })),
  )
  const results = new Map(found.flat().map((finding) => [finding.line.id, finding]))
  return lines.flatMap((line) => results.get(line.id) ?? [])
}

interface Assignment {
  readonly agentId: string
  readonly lines: readonly PlannedLine[]
  readonly documents: ReadonlySet<string>
}

function researchLines(
  desk: Desk,
  { agentId, lines, documents }: Assignment,
): Promise<readonly LineFinding[]> {
  const agentName = `Researcher ${agentId.split('-')[1] ?? ''}`.trim()
  const task = lines.map((line) => line.question).join(' · ')
  return runAgent(desk, { agentId, agentName, role: 'researcher', task }, async (agent) => {
    const findings: LineFinding[] = []
    for (const [index, line] of lines.entries()) {
      desk.signal.throwIfAborted()
      await agent.progress(index, lines.length, line.question)
      const result = await searchLine(desk, line, documents)
      findings.push({ line, question: line.question, result })
    }
    return { value: findings, ...summaryOf(findings) }
  })
}

async function searchLine(
  { library, owners, signal }: Desk,
  { query }: PlannedLine,
  documents: ReadonlySet<string>,
): Promise<SearchResult> {
  if (documents.size === 0) return library.search({ query, owners }, signal)
  const wide = await library.search({ query, owners, limit: ATTACHED_LIMIT }, signal)
  const attached = { ...wide, passages: wide.passages.filter((passage) => documents.has(passage.documentId)) }
  return answerable(attached).answerable ? attached : library.search({ query, owners }, signal)
}

function summaryOf(findings: readonly LineFinding[]) {
  const passages = findings.flatMap((finding) => finding.result.passages)
  const titles = [...new Set(passages.map((passage) => passage.title))]
  const summary =
    passages.length === 0
      ? 'Found nothing'
      : `${String(passages.length)} passages from ${String(titles.length)} documents`
  return { summary, results: { titles: titles.slice(0, 10), passages: passages.length } }
}
