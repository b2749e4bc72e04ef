import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { isSuccess, summaryLine, sumOf, tallyOf } from './test-report.mjs'
import { root } from './toolchain.mjs'

const none = { passed: 0, failed: 0, skipped: 0, failures: [], skippedNames: [] }

/** A report on one file with tests of these statuses. */
function report(fileStatus: string, ...statuses: string[]) {
  const assertionResults = statuses.map((status) => ({ status, fullName: `a ${status} test` }))
  return { testResults: [{ name: join(root, 'e2e', 'a.test.ts'), status: fileStatus, assertionResults }] }
}

describe('counting one Vitest run', () => {
  it('counts tests by status, and whatever neither passed nor failed as skipped', () => {
    const tally = tallyOf(report('failed', 'passed', 'passed', 'failed', 'skipped', 'todo'), 1)
    expect(tally).toEqual({
      passed: 2,
      failed: 1,
      skipped: 2,
      failures: ['e2e/a.test.ts > a failed test'],
      skippedNames: ['a skipped test', 'a todo test'],
    })
  })

  it('counts a file that could not be loaded as a failure', () => {
    const testResults = [...report('failed').testResults, ...report('failed', 'passed', 'failed').testResults]
    expect(tallyOf({ testResults }, 1)).toEqual({
      ...none,
      passed: 1,
      failed: 2,
      failures: ['e2e/a.test.ts', 'e2e/a.test.ts > a failed test'],
    })
  })

  it('tells where, what and the first line of why', () => {
    const { testResults } = report('failed', 'failed')
    const failureMessages = ['AssertionError: expected 1 to be 2\n    at a.test.ts:7']
    const [file] = testResults
    const assertionResults = (file?.assertionResults ?? []).map((test) => ({ ...test, failureMessages }))
    expect(tallyOf({ testResults: [{ ...file!, assertionResults }] }, 1).failures).toEqual([
      'e2e/a.test.ts > a failed test\n  AssertionError: expected 1 to be 2',
    ])
    const broken = { ...file!, assertionResults: [], message: 'SyntaxError: here\n  and there' }
    expect(tallyOf({ testResults: [broken] }, 1).failures).toEqual(['e2e/a.test.ts\n  SyntaxError: here'])
  })

  it.each([
    ['an error outside of the tests', report('passed', 'passed'), 1, 1],
    ['a run without a test', { testResults: [] }, 0, 0],
    ['a run in which everything was skipped', report('passed', 'skipped'), 0, 0],
    ['a run that left no report', undefined, 1, 0],
    ['a run that left no report and claims success', undefined, 0, 0],
  ])('counts %s as a failure', (_, vitestReport, exitCode, passed) => {
    const failures = ['a test run: see its output above']
    expect(tallyOf(vitestReport, exitCode)).toMatchObject({ passed, failed: 1, failures })
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
