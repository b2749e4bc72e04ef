import { fileURLToPath } from 'node:url'
import { budgets } from './size/budgets.ts'
import { measure } from './size/measure.ts'

const root = fileURLToPath(new URL('..', import.meta.url))

/** One line a part; whether it is within its budget. */
function report(name: string, bytes: number, budget: number): boolean {
  const fits = bytes <= budget
  console.log(
    `${fits ? 'ok  ' : 'OVER'} ${String(bytes).padStart(6)} of ${String(budget).padStart(6)}  ${name}`,
  )
  return fits
}

const verdicts: boolean[] = []
for (const budget of budgets) {
  const { bytes, lazy } = await measure(budget, root)
  verdicts.push(report(budget.name, bytes, budget.bytes))
  for (const piece of lazy) verdicts.push(report(`  later: ${piece.name}`, piece.bytes, budget.lazyBytes))
}
if (verdicts.includes(false)) {
  console.log(
    'Minified and compressed. Find what grew, or raise the budget with its reason in docs/decisions/.',
  )
  process.exitCode = 1
}
