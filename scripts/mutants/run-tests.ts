import { existsSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { run } from '../command.mjs'
import { tallyOf, type VitestReport } from '../test-report.mjs'
import { node24, toolEnvironment, toolPath } from '../toolchain.mjs'
import type { TestOutcome } from './verdict.ts'

/** A break may leave a test waiting for what no longer comes: half of what a test may usually take. */
const testTimeoutMs = 10_000

export interface TestRunOptions {
  /** Where the copy is. */
  readonly folder: string
  readonly files: readonly string[]
  readonly timeoutMs: number
  /** Only tests of such a name, ending at the first that fails. Default: all, to the end. */
  readonly only?: RegExp
}

/** Runs test files of a copy. */
export async function runTests({ folder, files, timeoutMs, only }: TestRunOptions): Promise<TestOutcome> {
  const reportFile = join(folder, 'report.json')
  rmSync(reportFile, { force: true })
  const args = [
    'run',
    '--project=unit',
    '--reporter=json',
    `--testTimeout=${String(testTimeoutMs)}`,
    `--outputFile=${reportFile}`,
  ]
  if (only !== undefined) args.push('--bail=1', `--testNamePattern=${only.source}`)
  const { code } = await run(node24(), [toolPath('vitest'), ...args, ...files], {
    cwd: folder,
    env: toolEnvironment(),
    timeoutMs,
  })
  return outcomeOf(existsSync(reportFile) ? readReport(reportFile) : undefined, code)
}

function readReport(file: string): VitestReport {
  return JSON.parse(readFileSync(file, 'utf8')) as VitestReport
}

/** Reads Vitest's report; 124 is the exit code of a run that was stopped. */
export function outcomeOf(report: VitestReport | undefined, code: number): TestOutcome {
  const cases = report?.testResults.flatMap((file) => file.assertionResults) ?? []
  const named = (wanted: string): string[] =>
    cases.filter(({ status }) => status === wanted).map(({ fullName }) => fullName)
  return {
    passed: named('passed'),
    failed: named('failed'),
    green: tallyOf(report, code).failed === 0,
    timedOut: code === 124,
  }
}
