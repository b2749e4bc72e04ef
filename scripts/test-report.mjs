/**
 * @typedef {{ passed: number, failed: number, skipped: number, skippedNames: readonly string[] }} Tally
 * @typedef {{ status: string, fullName: string }} TestCase
 * @typedef {{ testResults: { name: string, status: string, assertionResults: TestCase[] }[] }} VitestReport
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
  ).length
  const skippedNames = cases
    .filter(({ status }) => status !== 'passed' && status !== 'failed')
    .map(({ fullName }) => fullName)
  const counted = failedCases + failedFiles
  const failed = counted === 0 && (exitCode !== 0 || passed === 0) ? 1 : counted
  return { passed, failed, skipped: skippedNames.length, skippedNames }
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
