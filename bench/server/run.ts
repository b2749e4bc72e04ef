/** Servers side by side. The method is what `METHOD` says, for it is printed with every table. */
import { parseArgs } from 'node:util'
import { medians } from '../harness/part.ts'
import { beginPart, machine, type Figures } from '../harness/results.ts'
import { figure, table } from '../harness/table.ts'
import { writeSummary } from '../summary/write-summary.ts'
import { NotCounted, type Case, type CaseOptions } from './case.ts'
import { cases } from './cases.ts'
import { canPin } from './pinning.ts'
import type { Subject } from './subject.ts'

const METHOD = `Each figure is the median of several runs (--runs, 3). In each run every server is started anew, one after the other, the
server on core 0 and the load generator, a process of its own, on core 1. Events carry 200 bytes. The generator
checks of every event it counts that it is the next one of its source and that its text is the right one; a gap or a
changed byte ends the run as failed. CPU is what the system accounts to the server's processes (utime and stime of
all threads), memory is resident memory. Ours runs with the durable log (os) and authentication on; no peer but
Durable Streams keeps anything. "generator busy" below 1 says that the generator was not what limited a run. Latency
is taken from the time at which an event was due to be sent, not from when it was.`

/** What was measured of one subject. */
type Row = Figures | { readonly failed: string }

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    runs: { type: 'string', default: '3' },
    ms: { type: 'string', default: '2000' },
    subject: { type: 'string', default: '' },
  },
})
const runs = Number(values.runs)
/** Fewer runs, or one server alone, are a look: the README's table is made of medians. */
const isKept = values.subject === '' && runs >= 3
const options: CaseOptions = { measureMs: Number(values.ms) }

function chosen(): readonly Case[] {
  if (positionals.length === 0) return cases
  const found = cases.filter(({ name }) =>
    positionals.some((wanted) => name === wanted || name.startsWith(`${wanted}-`)),
  )
  if (found.length > 0) return found
  throw new Error(`npm run bench -- server [${cases.map(({ name }) => name).join(' | ')}]`)
}

/** A run that does not count is made once more. */
async function measureRun(one: Case, subject: Subject): Promise<Figures> {
  try {
    return await one.measure(subject, options)
  } catch (error) {
    if (error instanceof NotCounted) return await one.measure(subject, options)
    throw error
  }
}

async function measureCase(one: Case): Promise<Record<string, Row>> {
  const subjects = one.subjects.filter((subject) => {
    const reason = subject.missing()
    if (reason !== undefined) console.log(`(${subject.name} is left out: ${reason})`)
    return reason === undefined && subject.name.toLowerCase().includes(values.subject.toLowerCase())
  })
  const measured = new Map<string, Figures[]>()
  const failures = new Map<string, string>()
  const notCounted = new Map<string, string>()
  for (let run = 0; run < runs; run += 1) {
    for (const subject of subjects) {
      if (failures.has(subject.name)) continue
      try {
        const figures = await measureRun(one, subject)
        measured.set(subject.name, [...(measured.get(subject.name) ?? []), figures])
      } catch (error) {
        if (error instanceof NotCounted) notCounted.set(subject.name, error.message)
        else failures.set(subject.name, error instanceof Error ? error.message : String(error))
      }
    }
  }
  return Object.fromEntries(
    subjects.map(({ name }): [string, Row] => {
      const counted = measured.get(name)
      const failed = failures.get(name) ?? (counted === undefined ? notCounted.get(name) : undefined)
      return [name, failed === undefined ? medians(counted ?? []) : { failed }]
    }),
  )
}

function print({ title, columns }: Case, rows: Record<string, Row>): void {
  const [first = ''] = Object.keys(columns)
  const own = numberOf(rows['throughline'], first)
  const lines = Object.entries(rows).map(([name, row]) =>
    'failed' in row && typeof row.failed === 'string'
      ? [name, row.failed]
      : [
          name,
          ...Object.keys(columns).map((column) => figure(numberOf(row, column))),
          figure(numberOf(row, first) / own, '×'),
        ],
  )
  console.log(`\n${title}\n\n${table([['', ...Object.values(columns), 'of ours'], ...lines])}`)
}

function numberOf(row: Row | undefined, name: string): number {
  const value = (row as Figures | undefined)?.[name]
  return typeof value === 'number' ? value : Number.NaN
}

console.log(`${machine()}${canPin ? '' : '; NOT pinned: taskset or a second core is missing'}\n\n${METHOD}`)
for (const one of chosen()) {
  const store = beginPart(`server/${one.name}`, runs)
  const rows = await measureCase(one)
  print(one, rows)
  if (isKept) store(rows)
}
if (isKept) await writeSummary()
