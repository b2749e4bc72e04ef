import { expect, it } from 'vitest'
import { simulate } from './testing/simulation.ts'

/** Interleavings of each kind; THROUGHLINE_SIMULATIONS raises it. The seed of a failure is printed. */
const RUNS = Number(process.env['THROUGHLINE_SIMULATIONS'] ?? 250)

it.each([
  ['append, hints, drains and readers that come and go', { loses: false, polls: true }],
  ['the same while the log is compacted and trimmed', { loses: true, polls: true }],
  ['the same with nothing but hints to go by', { loses: false, polls: false }],
])(
  'R5 no gap and no duplicate in any interleaving: %s',
  { timeout: 60_000 + RUNS * 40 },
  async (_name, kind) => {
    for (let seed = 1; seed <= RUNS; seed++) {
      try {
        await simulate({ seed, steps: 240, ...kind })
      } catch (error) {
        throw new Error(`seed ${String(seed)}`, { cause: error })
      }
    }
    expect(RUNS).toBeGreaterThan(0)
  },
)
