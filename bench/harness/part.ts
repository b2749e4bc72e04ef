import { writeSummary } from '../summary/write-summary.ts'
import { beginPart, machine, type Figures } from './results.ts'
import { median } from './statistics.ts'
import { figure, table } from './table.ts'

export interface Part {
  /** Its name in `results.json`. */
  readonly name: string
  readonly title: string
  /** What its figures are, as the head of a table. */
  readonly columns: Readonly<Record<string, string>>
  readonly runs: number
  /** What is measured, by subject; they take turns in each run. */
  readonly subjects: Readonly<Record<string, () => Figures | Promise<Figures>>>
}

/** Measures a part, prints its table and stores the medians. */
export async function measurePart({ name, title, columns, runs, subjects }: Part): Promise<void> {
  const store = beginPart(name, runs)
  const all = new Map<string, Figures[]>(Object.keys(subjects).map((subject) => [subject, []]))
  for (let run = 0; run < runs; run += 1) {
    for (const [subject, measure] of Object.entries(subjects)) all.get(subject)?.push(await measure())
  }
  const rows = Object.fromEntries([...all].map(([subject, figures]) => [subject, medians(figures)]))
  const lines = Object.entries(rows).map(([subject, row]) => [
    subject,
    ...Object.keys(columns).map((column) => figure(row[column])),
  ])
  console.log(`\n${machine()}\n${title}\n\n${table([['', ...Object.values(columns)], ...lines])}`)
  store(rows)
  await writeSummary()
}

/** The middle of each figure. */
export function medians(all: readonly Figures[]): Figures {
  const names = Object.keys(all[0] ?? {})
  return Object.fromEntries(
    names.map((name) => [name, median(all.map((figures) => figures[name] ?? Number.NaN))]),
  )
}
