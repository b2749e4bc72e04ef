import { describe, expect, it } from 'vitest'
import { isSuccess, summaryLine, sumOf, tallyOf } from './test-report.mjs'

const none = { passed: 0, failed: 0, skipped: 0, skippedNames: [] }

/** A report on one file with tests of these statuses. */
function report(fileStatus: string, ...statuses: string[]) {
  const assertionResults = statuses.map((status) => ({ status, fullName: `a ${status} test` }))
  return { testResults: [{ name: 'a.test.ts', status: fileStatus, assertionResults }] }
}

describe('counting one Vitest run', () => {
  it('counts tests by status, and whatever neither passed nor failed as skipped', () => {
    const tally = tallyOf(report('failed', 'passed', 'passed', 'failed', 'skipped', 'todo'), 1)
    expect(tally).toEqual({
      passed: 2,
      failed: 1,
      skipped: 2,
      skippedNames: ['a skipped test', 'a todo test'],
    })
  })

  it('counts a file that could not be loaded as a failure', () => {
    const testResults = [...report('failed').testResults, ...report('failed', 'passed', 'failed').testResults]
    expect(tallyOf({ testResults }, 1)).toEqual({ ...none, passed: 1, failed: 2 })
  })

  it.each([
    ['an error outside of the tests', report('passed', 'passed'), 1, 1],
    ['a run without a test', { testResults: [] }, 0, 0],
    ['a run in which everything was skipped', report('passed', 'skipped'), 0, 0],
    ['a run that left no report', undefined, 1, 0],
    ['a run that left no report and claims success', undefined, 0, 0],
  ])('counts %s as a failure', (_, vitestReport, exitCode, passed) => {
    expect(tallyOf(vitestReport, exitCode)).toMatchObject({ passed, failed: 1 })
  })
})

describe('the verdict', () => {
  it('is one line, which mentions skipped tests only when there are any', () => {
    const sum = sumOf([
      { ...none, passed: 2 },
      { ...none, passed: 1, failed: 1 },
    ])
    expect(summaryLine(sum)).toBe('3 passed, 1 failed')
    expect(summaryLine({ ...sum, skipped: 2 })).toBe('3 passed, 1 failed, 2 skipped')
  })

  it.each([
    [{ ...none, passed: 1 }, true, true],
    [{ ...none, passed: 1, failed: 1 }, false, false],
    [none, false, false],
    [{ ...none, passed: 1, skipped: 1 }, false, true],
    [{ ...none, passed: 1, skipped: 1 }, true, false],
  ])('of %o with ci=%s is %s', (tally, ci, expected) => {
    expect(isSuccess(tally, { ci })).toBe(expected)
  })
})
