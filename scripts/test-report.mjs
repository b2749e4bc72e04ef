import { relative } from 'node:path'
import { root } from './toolchain.mjs'

/**
 * @typedef {object} Tally
 * @property {number} passed
 * @property {number} failed
 * @property {number} skipped
 * @property {readonly string[]} failures each in a line or two: where, what, and the first line of why
 * @property {readonly string[]} skippedNames
 * @typedef {{ status: string, fullName: string, failureMessages?: string[] }} TestCase
 * @typedef {{ testResults: { name: string, status: string, message?: string, assertionResults: TestCase[] }[] }} VitestReport
 */

/**
 * Counts one Vitest run. What failed without being a test counts as one failure: a file that could not be loaded, an
 * error outside of any test, a run that found no test or left no report.
 * @param {VitestReport | undefined} report the JSON reporter's output
 * @param {number} exitCode
 * @returns {Tally}
 */
export function tallyOf(report, exitCode) {
  const files = report?.testResults ?? []
  const cases = files.flatMap((file) => file.assertionResults)
  const passed = cases.filter(({ status }) => status === 'passed').length
  const failedCases = cases.filter(({ status }) => status === 'failed').length
  const failedFiles = files.filter(
    (file) => file.status === 'failed' && !file.assertionResults.some(({ status }) => status === 'failed'),
  )
  const failures = files.flatMap((file) => {
    const where = relative(root, file.name)
    if (failedFiles.includes(file)) return [line(where, file.message)]
    return file.assertionResults
      .filter(({ status }) => status === 'failed')
      .map(({ fullName, failureMessages: [why] = [] }) => line(`${where} > ${fullName}`, why))
  })
  const skippedNames = cases
    .filter(({ status }) => status !== 'passed' && status !== 'failed')
    .map(({ fullName }) => fullName)
  const counted = failedCases + failedFiles.length
  const failed = counted === 0 && (exitCode !== 0 || passed === 0) ? 1 : counted
  const told = failed > failures.length ? ['a test run: see its output above'] : failures
  return { passed, failed, skipped: skippedNames.length, failures: told, skippedNames }
}

/**
 * @param {string} what
 * @param {string | undefined} why
 */
function line(what, why) {
  const [first = ''] = (why ?? '').trim().split('\n')
  return first === '' ? what : `${what}\n  ${first}`
}

/**
 * @param {readonly Tally[]} tallies
 * @returns {Tally}
 */
export function sumOf(tallies) {
  const sum = (/** @type {'passed' | 'failed' | 'skipped'} */ key) =>
    tallies.reduce((total, tally) => total + tally[key], 0)
  return {
    passed: sum('passed'),
    failed: sum('failed'),
    skipped: sum('skipped'),
    failures: tallies.flatMap(({ failures }) => failures),
    skippedNames: tallies.flatMap(({ skippedNames }) => skippedNames),
  }
}

/**
 * The last line of `npm test`.
 * @param {Tally} tally
 * @returns {string}
 */
export function summaryLine({ passed, failed, skipped }) {
  return `${passed} passed, ${failed} failed${skipped === 0 ? '' : `, ${skipped} skipped`}`
}

/**
 * Whether `npm test` succeeds: something ran, nothing failed and, where nobody looks at the output, nothing was
 * skipped.
 * @param {Tally} tally
 * @param {{ ci: boolean }} options
 * @returns {boolean}
 */
export function isSuccess({ passed, failed, skipped }, { ci }) {
  return failed === 0 && passed > 0 && !(ci && skipped > 0)
}
