import type { Results } from '../harness/results.ts'
import { figure, table } from '../harness/table.ts'
import { measured, ratio } from './ratio.ts'

const SIZES = [10, 100, 1_000, 3_000, 10_000, 100_000, 1_000_000] as const

/** What is measured at several sizes: of ours, each size a part of its own. */
const CURVES = [
  ['CPU of a delivery, by readers of one stream', 'server/connections', 'cpuUs'],
  ['CPU of an event, by sessions of one reader', 'server/sessions', 'cpuUs'],
  ['memory of an idle connection, by connections', 'server/idle', 'kilobytes'],
  ['first join after a restart, by events of the session', 'server/join', 'firstMs'],
] as const

/** How costs grow: each row as a multiple of its smallest size. 1 everywhere is in proportion, or flat for a join. */
export function growth(results: Results): string {
  return table([
    ['', ...SIZES.map((size) => size.toLocaleString('en'))],
    ...CURVES.map(([title, part, name]) => {
      const points = SIZES.map((size) => measured(results, `${part}-${size}`, 'throughline', name))
      const first = points.find((point) => point !== undefined)
      return [title, ...points.map((point) => figure(ratio(point, first), '×'))]
    }),
  ])
}
