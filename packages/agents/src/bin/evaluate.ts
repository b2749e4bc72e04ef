import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { evaluate, type QuestionOutcome } from '../extract/evaluate.ts'
import { BLIND_QUESTIONS } from '../library/blind-questions.ts'
import { findNextDocs } from '../library/corpus.ts'
import { DEVELOPMENT_QUESTIONS } from '../library/development-questions.ts'
import { HELD_OUT_QUESTIONS } from '../library/held-out-questions.ts'
import { openLibrary, type Library } from '../library/open-library.ts'
import { GRADED_QUESTIONS, type QuestionSet } from '../library/questions.ts'

const base = new URL('../../../../apps/web/package.json', import.meta.url)

/** Indexes the shipped documentation anew, answers the question sets and prints the figures. */
async function main(): Promise<void> {
  const corpus = findNextDocs(base)
  if (!corpus) throw new Error('The `next` package is not installed: run `npm install` first.')
  const directory = await mkdtemp(join(tmpdir(), 'throughline-evaluate-'))
  const library = await openLibrary({ path: join(directory, 'library.db') })
  try {
    const started = performance.now()
    const { documents, passages } = await library.importCorpus(corpus)
    const seconds = ((performance.now() - started) / 1_000).toFixed(1)
    print(
      `Indexed ${String(documents)} pages of next ${corpus.version}, ${String(passages)} passages, in ${seconds} s.`,
    )
    await report(library, 'graded', GRADED_QUESTIONS)
    await report(library, 'development', DEVELOPMENT_QUESTIONS)
    await report(library, 'held out', HELD_OUT_QUESTIONS)
    await report(library, 'blind', BLIND_QUESTIONS)
    await time(library)
  } finally {
    await library.dispose()
    await rm(directory, { recursive: true, force: true })
  }
}

async function report(library: Library, name: string, set: QuestionSet): Promise<void> {
  const figures = await evaluate(library, set)
  print(`\n${name}: a right page among the first three citations ${share(figures.answerable)}`)
  for (const outcome of figures.answerable) if (!outcome.right) print(`  missed: ${describe(outcome)}`)
  print(`${name}: declined what the library does not hold ${share(figures.unanswerable)}`)
  for (const outcome of figures.unanswerable) if (!outcome.right) print(`  answered: ${describe(outcome)}`)
  const { checked, dropped, misquoted } = figures
  print(
    `${name}: ${String(checked)} statements checked, ${String(dropped)} dropped, ${String(misquoted)} misquoted`,
  )
}

async function time(library: Library): Promise<void> {
  const times: number[] = []
  for (let round = 0; round < 5; round += 1) {
    for (const { question } of [...GRADED_QUESTIONS.answerable, ...DEVELOPMENT_QUESTIONS.answerable]) {
      const started = performance.now()
      await library.search({ query: question, owners: [null] })
      times.push(performance.now() - started)
    }
  }
  times.sort((a, b) => a - b)
  const at = (part: number): string => (times[Math.floor(part * (times.length - 1))] ?? 0).toFixed(1)
  print(
    `\nsearch over ${String(times.length)} queries: median ${at(0.5)} ms, p95 ${at(0.95)} ms, most ${at(1)} ms`,
  )
}

function share(outcomes: readonly QuestionOutcome[]): string {
  return `${String(outcomes.filter((outcome) => outcome.right).length)} of ${String(outcomes.length)}`
}

function describe({ question, sources, coverage }: QuestionOutcome): string {
  return `${question} (coverage ${coverage.toFixed(2)}; ${sources.join(', ') || 'declined'})`
}

function print(line: string): void {
  process.stdout.write(`${line}\n`)
}

await main()
