import { describe, expect, it } from 'vitest'
import type { Mutant } from './mutant.ts'
import { outcomeOf } from './run-tests.ts'
import { judge, tableLine, withoutTest, type TestOutcome } from './verdict.ts'

const mutant: Mutant = {
  name: 'no-check',
  fault: 'R1',
  file: 'a.ts',
  find: 'a',
  replace: 'b',
  tests: ['a.test.ts'],
}
const outcome = (change: Partial<TestOutcome>): TestOutcome => ({
  passed: ['R1 resumes', 'other'],
  failed: [],
  green: false,
  timedOut: false,
  ...change,
})
const reported = (...cases: readonly (readonly [status: string, fullName: string])[]) => ({
  testResults: [
    {
      name: 'a.test.ts',
      status: cases.some(([status]) => status === 'failed') ? 'failed' : 'passed',
      assertionResults: cases.map(([status, fullName]) => ({ status, fullName })),
    },
  ],
})

describe('the verdict', () => {
  it('is killed by a failed test of the fault', () => {
    expect(judge(mutant, outcome({ failed: ['other', 'R1 resumes'] }))).toEqual({
      killed: true,
      by: 'R1 resumes',
    })
  })

  it.each([
    ['every test passed', outcome({ green: true })],
    ['it failed outside of tests of R1', outcome({ failed: ['other'] })],
    ['it failed outside of tests of R1', outcome({})],
    ['no test of R1 could run', outcome({ passed: [] })],
    ['its tests ran out of time', outcome({ passed: [], timedOut: true })],
  ])('is survival: %s', (why, result) => {
    expect(judge(mutant, result)).toEqual({ killed: false, why })
  })

  it('is one line', () => {
    const line = tableLine(mutant, { killed: false, why: 'every test passed' }, 1_234)
    expect(line).toMatch(/^✗ no-check +R1 +1\.2 s {2}SURVIVED: every test passed$/)
    expect(tableLine(mutant, { killed: true, by: 'R1 resumes' }, 0)).toMatch(/^✓ no-check .* R1 resumes$/)
  })
})

it('a fault that no passing test holds could not turn red', () => {
  expect(withoutTest([mutant], outcome({}))).toEqual([])
  expect(withoutTest([mutant], outcome({ passed: ['R10 last'], failed: ['R1 resumes'] }))).toEqual([mutant])
})

describe('the outcome of a run', () => {
  it('is read from the report', () => {
    const report = reported(['passed', 'one'], ['failed', 'two'], ['skipped', 'three'])
    expect(outcomeOf(report, 1)).toEqual({ passed: ['one'], failed: ['two'], green: false, timedOut: false })
    expect(outcomeOf(reported(['passed', 'one']), 0).green).toBe(true)
  })

  it('is not green without a report, without tests, or after an error outside of them', () => {
    expect(outcomeOf(undefined, 124)).toEqual({ passed: [], failed: [], green: false, timedOut: true })
    expect(outcomeOf(reported(), 0).green).toBe(false)
    expect(outcomeOf(reported(['passed', 'one']), 1).green).toBe(false)
  })
})
