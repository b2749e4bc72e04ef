import { readFileSync, writeFileSync } from 'node:fs'
import { cpus, loadavg } from 'node:os'
import { join } from 'node:path'

const FILE = join(import.meta.dirname, '..', 'results.json')

/** Figures by the name of what they measure. */
export type Figures = Readonly<Record<string, number>>

/** What one part of the benchmarks measured, last time it ran. */
export interface PartResult {
  readonly date: string
  readonly machine: string
  /** Of the machine over the minute before and the minute at the end: what else ran there. */
  readonly load: readonly [before: number, after: number]
  /** The middle one of these many runs. */
  readonly runs: number
  /** By subject. A subject that failed says so. */
  readonly rows: Readonly<Record<string, Figures | { readonly failed: string }>>
}

export type Results = Readonly<Record<string, PartResult>>

/** What all parts measured, each the last time it ran. */
export function readResults(): Results {
  try {
    return JSON.parse(readFileSync(FILE, 'utf8')) as Results
  } catch {
    return {}
  }
}

/** Begins a part: notes the machine and its load. The answer stores what came of it. */
export function beginPart(name: string, runs: number): (rows: PartResult['rows']) => void {
  const before = loadavg()[0] ?? 0
  return (rows) => {
    const part: PartResult = {
      date: new Date().toISOString(),
      machine: machine(),
      load: [round(before), round(loadavg()[0] ?? 0)],
      runs,
      rows: Object.fromEntries(Object.entries(rows).map(([subject, row]) => [subject, rounded(row)])),
    }
    writeFileSync(FILE, `${JSON.stringify({ ...readResults(), [name]: part }, null, 2)}\n`)
  }
}

/** The machine in one line. */
export function machine(): string {
  const all = cpus()
  return `${all.length} cores (${all[0]?.model.trim() ?? 'unknown'}), ${process.platform}, Node ${process.version}`
}

function rounded(row: Figures | { readonly failed: string }): Figures | { readonly failed: string } {
  return 'failed' in row && typeof row.failed === 'string'
    ? { failed: row.failed }
    : Object.fromEntries(Object.entries(row as Figures).map(([name, value]) => [name, round(value)]))
}

function round(value: number): number {
  return Number(value.toPrecision(4))
}
