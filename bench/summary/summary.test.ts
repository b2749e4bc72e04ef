import { expect, test } from 'vitest'
import type { Results } from '../harness/results.ts'
import { budgets, isKept } from './budgets.ts'
import { growth } from './growth.ts'
import { summary } from './summary.ts'

const results = {
  'server/fan-out': {
    date: '',
    machine: '',
    load: [0, 0],
    runs: 3,
    rows: { throughline: { cpuUs: 2 }, 'Nchan (nginx)': { cpuUs: 8 }, hono: { failed: 'a gap' } },
  },
} satisfies Results

test('a peer is shown as a multiple of ours, and one that failed not at all', () => {
  const lines = summary(results).split('\n')
  expect(lines.find((line) => line.includes('Nchan (nginx)'))).toContain('4.00×')
  expect(lines.find((line) => line.includes('hono'))).toContain('–')
})

test('a budget is kept, missed or not measured', () => {
  const [fanOut, posts] = budgets(results)
  expect(fanOut).toMatchObject({ value: 0.25, limit: 0.5 })
  expect(fanOut && isKept(fanOut)).toBe(true)
  expect(fanOut && isKept({ ...fanOut, value: 0.51 })).toBe(false)
  expect(posts && isKept(posts)).toBeUndefined()
})

test('a curve is shown as multiples of its smallest size, with dashes where nothing was measured', () => {
  const at = (firstMs: number) => ({ ...results['server/fan-out'], rows: { throughline: { firstMs } } })
  const line = growth({ 'server/join-100': at(20), 'server/join-10000': at(25) })
    .split('\n')
    .find((text) => text.includes('first join'))
  expect(line?.split('|').map((cell) => cell.trim())).toEqual([
    '',
    'first join after a restart, by events of the session',
    '–',
    '1.00×',
    '–',
    '–',
    '1.25×',
    '–',
    '–',
    '',
  ])
})
