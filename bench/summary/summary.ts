import type { Results } from '../harness/results.ts'
import { figure, table } from '../harness/table.ts'
import { budgets, isKept } from './budgets.ts'
import { growth } from './growth.ts'
import { measured, ratio } from './ratio.ts'

const OURS = 'throughline'

/** What the README compares: cost per event or connection, of each server as a multiple of ours. */
const COLUMNS = [
  ['fan-out to 1,000', 'server/fan-out', 'cpuUs'],
  ['one POST per event', 'server/posts', 'cpuUs'],
  ['replay of 10,000', 'server/replay', 'cpuUs'],
  ['coming and going', 'server/churn', 'cpuUs'],
  ['memory, idle', 'server/idle', 'kilobytes'],
] as const

/** The README's block: Markdown between its markers. */
export function summary(results: Results): string {
  const subjects = Object.keys(results['server/fan-out']?.rows ?? {})
  const peers = table([
    ['', ...COLUMNS.map(([title]) => title)],
    ...subjects.map((subject) => [
      subject === OURS ? '**throughline**, durable, authenticated' : subject,
      ...COLUMNS.map(([, part, name]) =>
        subject === OURS && measured(results, part, OURS, name) !== undefined
          ? '1'
          : figure(ratio(measured(results, part, subject, name), measured(results, part, OURS, name)), '×'),
      ),
    ]),
  ])
  const owed = table([
    ['', 'budget', 'measured', ''],
    ...budgets(results).map((budget) => {
      const kept = isKept(budget)
      const sign = budget.least === true ? '≥' : '≤'
      return [
        budget.what,
        `${sign} ${budget.limit}${budget.unit}`,
        `${figure(budget.value)}${budget.value === undefined ? '' : budget.unit}`,
        kept === undefined ? '' : kept ? 'kept' : '**missed**',
      ]
    }),
  ])
  const { date = '', machine = '', runs = 0, load = [0, 0] } = results['server/fan-out'] ?? {}
  const when = `${date.slice(0, 10)}, ${machine}, medians of ${runs}, load ${load.join(' to ')}`
  const grown = `How costs grow, each row as a multiple of its first (the [decision](docs/decisions/2026-11-23-performance.md) says why):\n\n${growth(results)}`
  return `CPU time and memory of each server as a multiple of ours. Each column is one run, side by side (the first: ${when}):\n\n${peers}\n\n${owed}\n\n${grown}\n`
}
